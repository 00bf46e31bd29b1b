import { afterEach, beforeEach, expect, it } from 'vitest';
import { readySinks } from '../../../src/flows/deliver/ready.ts';
import { deliverTo } from '../../../src/flows/deliver/sink.ts';
import { type FakeGithub, SEAL_BYTES, startFakeGithub } from '../../support/fake-github.ts';
import { describeWith } from '../../support/requires.ts';
import { DELIVERY, KEY, type SinkWorld, sinkWorld } from '../../support/sink-world.ts';

describeWith(['gh'], 'the real gh', () => {
  let github: FakeGithub;
  beforeEach(async () => {
    github = await startFakeGithub();
  });
  afterEach(() => github.stop());

  const world = (more: Readonly<Record<string, string>> = {}): SinkWorld =>
    sinkWorld({ env: { GH_HOST: 'github.localhost' }, childEnv: { ...github.env, ...more } });

  it('is asked whether it is signed in before a key is made, and then takes the key alone, sealed', async () => {
    const { deps } = world({ GH_DEBUG: 'api', DEBUG: 'api' });
    const sinks = await readySinks(['github-secret:DEPLOY_KEY@owner/repo'], undefined, deps);
    expect(github.heard.filter((line) => line.startsWith('PUT'))).toEqual([]);
    expect(await deliverTo(sinks, DELIVERY)).toEqual({ took: ['github-secret:DEPLOY_KEY@owner/repo'], failed: [] });
    expect(github.secrets).toEqual([{ path: '/repos/owner/repo/actions/secrets/DEPLOY_KEY', bytes: SEAL_BYTES + KEY.length }]);
    expect(github.heard.filter((line) => line.includes(KEY))).toEqual([]);
  });

  it('that is not signed in is told before a key is made', async () => {
    await expect(readySinks(['github-secret:DEPLOY_KEY@owner/repo'], undefined, world({ GH_TOKEN: 'gho_expired' }).deps)).rejects.toMatchObject({
      code: 'signed-out',
      detail: expect.stringMatching(/^gh is not signed in: it ended with 1: .*\. No key was made\.$/),
    });
  });

  it('that is refused by GitHub says why', async () => {
    const { deps } = world();
    const sinks = await readySinks(['github-secret:DEPLOY_KEY@owner/repo'], undefined, deps);
    github.answers(403);
    const { took, failed } = await deliverTo(sinks, DELIVERY);
    expect([took, failed.map(({ failure }) => [failure.code, failure.detail])]).toEqual([
      [],
      [['refused', expect.stringMatching(/^gh ended with 1: .*HTTP 403: Resource not accessible by integration/)]],
    ]);
  });
});
