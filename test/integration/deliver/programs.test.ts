import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readySinks } from '../../../src/flows/deliver/ready.ts';
import { deliverTo, mayHaveIt, type ReadySink } from '../../../src/flows/deliver/sink.ts';
import { until } from '../../support/cli.ts';
import { DELIVERY, KEY, type SinkWorld, sinkWorld } from '../../support/sink-world.ts';

const ready = (world: SinkWorld, name: string): Promise<readonly ReadySink[]> => readySinks([name], undefined, world.deps);

/** What came out of a delivery to one sink: the failure as it is told, and whether the sink may have the key. */
async function outcome(world: SinkWorld, name: string): Promise<unknown> {
  const { took, failed } = await deliverTo(await ready(world, name), DELIVERY);
  const [first] = failed;
  return first === undefined ? took : [first.failure.code, first.failure.detail, mayHaveIt(first.failure)];
}

/** A stand-in that writes down what it was called with and what it read. */
const tells = (world: SinkWorld): string => `{ printf '%s\\n' "$@"; cat; } > ${world.at('told')}`;
const told = (world: SinkWorld): string => readFileSync(world.at('told'), 'utf8');

describe('exec:', () => {
  it('gives the key and a line end to a program, with its words as they are and without a shell', async () => {
    const world = sinkWorld();
    world.program('keep', tells(world));
    expect(await outcome(world, `exec:keep 'two words' "$HOME" ; \\> it\\'s`)).toEqual([`exec:keep 'two words' '$HOME' ';' '>' 'it'\\''s'`]);
    expect(told(world)).toBe(`two words\n$HOME\n;\n>\nit's\n${KEY}\n`);
  });

  it('has a name that leads to the same program from another folder', async () => {
    const world = sinkWorld();
    const file = world.program('keep', tells(world));
    const [sink] = await ready(world, 'exec:../bin/keep "a b"');
    expect(sink?.name).toBe(`exec:${file} 'a b'`);
    expect(await outcome(world, sink?.name ?? '')).toEqual([sink?.name]);
    expect(told(world)).toBe(`a b\n${KEY}\n`);
  });

  it.each([
    ['', 'usage', 'exec: needs a command.'],
    ['  ', 'usage', 'exec: needs a command.'],
    ["a 'b", 'usage', 'A quote or a backslash in the command is not closed.'],
    ['none --flag', 'not-found', 'exec: needs the program none, which is not on PATH. No key was made.'],
    ['./none', 'not-found', 'cwd/none, which exec: names, is no program that can be started. No key was made.'],
  ])('%j is refused before a key is made', async (line, code, detail) => {
    await expect(ready(sinkWorld(), `exec:${line}`)).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it('says how it went wrong in the words of the program, without the key', async () => {
    const world = sinkWorld();
    world.program('fails', 'k=$(cat); echo started; echo first >&2; echo "\u001b[31mrefused $k\u001b[0m" >&2; printf "last %s" "$k" >&2; exit 7');
    expect(await outcome(world, 'exec:fails')).toEqual(['refused', 'fails ended with 7: first / refused [secret] / last [secret].', true]);
    world.program('quiet', 'cat; exit 1');
    expect(await outcome(world, 'exec:quiet')).toEqual(['refused', 'quiet ended with 1: [secret].', true]);
    world.program('dies', 'kill -9 $$');
    expect(await outcome(world, 'exec:dies')).toEqual(['refused', 'dies was ended by SIGKILL.', true]);
  });

  it('says that it took too long, or could not be started after all', async () => {
    const world = sinkWorld();
    world.program('keep', 'cat');
    const ends = async (run: SinkWorld['deps']['children']['run']): Promise<unknown> =>
      outcome({ ...world, deps: { ...world.deps, children: { ...world.deps.children, run } } }, 'exec:keep');
    expect(await ends(async () => ({ kind: 'too-long' }))).toEqual(['timed-out', 'keep did not end in time, and was ended.', true]);
    expect(await ends(async () => ({ kind: 'not-started', why: 'EACCES' }))).toEqual(['not-found', 'keep cannot be started (EACCES).', false]);
  });

  it('is not started after Ctrl-C, and ended by it', async () => {
    const before = sinkWorld();
    before.program('keep', tells(before));
    const sinks = await ready(before, 'exec:keep');
    before.interrupt();
    const { failed } = await deliverTo(sinks, DELIVERY);
    expect(failed.map(({ failure }) => [failure.code, mayHaveIt(failure)])).toEqual([['cancelled', false]]);
    expect(() => told(before)).toThrow(/ENOENT/);

    const during = sinkWorld();
    during.program('waits', `echo > ${during.at('started')}; exec sleep 600`);
    const [sink] = await ready(during, 'exec:waits');
    const running = sink?.deliver(DELIVERY).catch((thrown: unknown) => thrown);
    await until('the program to start', () => existsSync(during.at('started')));
    during.interrupt();
    expect(await running).toMatchObject({ code: 'cancelled', detail: 'The command was interrupted: waits was ended by SIGTERM.', data: { may_have_it: true } });
  });

  it('gets no credential variable, and what it leaves running keeps nobody waiting', async () => {
    const world = sinkWorld({ childEnv: { KEPT: '1' } });
    world.program('keep', `cat > /dev/null; env > ${world.at('told')}; sleep 600 & echo $! > ${world.at('pid')}`);
    expect(await outcome(world, 'exec:keep')).toEqual(['exec:keep']);
    process.kill(Number(readFileSync(world.at('pid'), 'utf8')), 'SIGKILL');
    expect(told(world)).toContain('KEPT=1');
    expect(told(world)).not.toContain(KEY);
  });
});

describe('clipboard', () => {
  it.each([
    ['wl-copy', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'linux', '--type\ntext/plain\n'],
    ['xclip', { DISPLAY: ':0' }, 'linux', '-selection\nclipboard\n-in\n'],
    ['xsel', { DISPLAY: ':0' }, 'linux', '--clipboard\n--input\n'],
    ['xsel', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'linux', '--clipboard\n--input\n'],
    ['clip.exe', { WSL_DISTRO_NAME: 'Debian' }, 'linux', '\n'],
    ['clip.exe', {}, 'win32', '\n'],
    ['pbcopy', {}, 'darwin', '\n'],
  ])('is reached through %s with %j on %s', async (program, env, platform, args) => {
    const world = sinkWorld({ env, platform, path: '/usr/bin:/bin' });
    // It stays behind and answers for what was copied, as the real one does, with its output still open.
    world.program(program, `${tells(world)}; sleep 600 & echo $! > ${world.at('pid')}`);
    expect(await outcome(world, 'clipboard')).toEqual(['clipboard']);
    process.kill(Number(readFileSync(world.at('pid'), 'utf8')), 'SIGKILL');
    expect(told(world)).toBe(`${args}${KEY}`);
  });

  it('is refused where there is no display, or no program for it', async () => {
    await expect(ready(sinkWorld(), 'clipboard')).rejects.toMatchObject({
      code: 'refused',
      detail: expect.stringContaining('neither WAYLAND_DISPLAY nor DISPLAY is set'),
    });
    await expect(ready(sinkWorld({ env: { DISPLAY: ':0' }, path: '/nowhere' }), 'clipboard')).rejects.toMatchObject({
      code: 'not-found',
      detail: 'No program for the clipboard is on PATH (xclip, xsel). No key was made.',
    });
  });
});

describe('github-secret:', () => {
  it('is refused before a key is made where gh is not there or not signed in', async () => {
    await expect(ready(sinkWorld({ path: '/nowhere' }), 'github-secret:KEY')).rejects.toMatchObject({
      code: 'not-found',
      detail: 'github-secret:KEY needs the program gh, which is not on PATH. No key was made.',
    });
    const world = sinkWorld();
    world.program('gh', 'echo "You are not logged into any GitHub hosts. Run gh auth login to authenticate." >&2; exit 1');
    await expect(ready(world, 'github-secret:KEY')).rejects.toMatchObject({
      code: 'signed-out',
      detail: 'gh is not signed in: it ended with 1: You are not logged into any GitHub hosts. Run gh auth login to authenticate. No key was made.',
    });
  });

  it.each([
    ['KEY@owner/repo', {}, 'auth\nstatus\n', 'secret\nset\nKEY\n--repo\nowner/repo\n'],
    ['KEY', {}, 'auth\nstatus\n', 'secret\nset\nKEY\n'],
    ['KEY', { GH_HOST: 'git.acme.test' }, 'auth\nstatus\n--hostname\ngit.acme.test\n', 'secret\nset\nKEY\n'],
    ['KEY@git.acme.test/owner/repo', {}, 'auth\nstatus\n--hostname\ngit.acme.test\n', 'secret\nset\nKEY\n--repo\ngit.acme.test/owner/repo\n'],
  ])('%s asks gh with %j, and gives it the value alone on standard input', async (name, env, asked, given) => {
    const world = sinkWorld({ env });
    world.program('gh', `if [ "$1" = auth ]; then printf '%s\\n' "$@" > ${world.at('asked')}; else ${tells(world)}; fi`);
    expect(await outcome(world, `github-secret:${name}`)).toEqual([`github-secret:${name}`]);
    expect([readFileSync(world.at('asked'), 'utf8'), told(world)]).toEqual([asked, `${given}${KEY}`]);
  });

  it.each(['', '1KEY', 'A-B', 'GITHUB_KEY', 'github_key', 'KEY@', 'KEY@repo', 'KEY@o/r/s/t', 'KEY@--repo/x', 'KEY@o/r x', 'KEY@o/r@x'])(
    '%j is no name',
    async (name) => {
      await expect(ready(sinkWorld(), `github-secret:${name}`)).rejects.toMatchObject({ code: 'usage' });
    },
  );
});

describe('gitlab-var:', () => {
  it('is masked, and updated where it is there already', async () => {
    const world = sinkWorld();
    world.program(
      'glab',
      `case "$1 $2" in "auth status") ;; "variable set") cat > /dev/null; echo "POST: 400 {message: {key: [(CI_KEY) has already been taken]}}" >&2; exit 1 ;; *) ${tells(world)} ;; esac`,
    );
    expect(await outcome(world, 'gitlab-var:CI_KEY')).toEqual(['gitlab-var:CI_KEY']);
    expect(told(world)).toBe(`variable\nupdate\nCI_KEY\n--masked\n${KEY}`);
    world.program('glab', `if [ "$1" = auth ]; then exit 0; fi; ${tells(world)}`);
    expect(await outcome(world, 'gitlab-var:CI_KEY')).toEqual(['gitlab-var:CI_KEY']);
    expect(told(world)).toBe(`variable\nset\nCI_KEY\n--masked\n${KEY}`);
  });

  it('fails with what glab says', async () => {
    const world = sinkWorld();
    world.program('glab', 'if [ "$1" = auth ]; then exit 0; fi; cat > /dev/null; echo "403 Forbidden" >&2; exit 1');
    expect(await outcome(world, 'gitlab-var:CI_KEY')).toEqual(['refused', 'glab ended with 1: 403 Forbidden.', true]);
    await expect(ready(sinkWorld({ path: '/nowhere' }), 'gitlab-var:CI_KEY')).rejects.toMatchObject({ code: 'not-found' });
    await expect(ready(world, 'gitlab-var:CI-KEY')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('github-env:', () => {
  function step(wishes: Parameters<typeof sinkWorld>[0] = {}, content = 'A=1'): SinkWorld {
    const env: Record<string, string> = { GITHUB_ACTIONS: 'true' };
    const world = sinkWorld({ ...wishes, env: Object.assign(env, wishes.env) });
    env['GITHUB_ENV'] = world.at('env');
    writeFileSync(world.at('env'), content);
    return world;
  }

  it('masks the key before it appends a line', async () => {
    const world = step();
    expect(await outcome(world, 'github-env:DEPLOY_KEY')).toEqual(['github-env:DEPLOY_KEY']);
    expect([world.written[2], world.written[1], readFileSync(world.at('env'), 'utf8')]).toEqual([`::add-mask::${KEY}\n`, '', `A=1\nDEPLOY_KEY=${KEY}\n`]);
  });

  it('writes nothing where the mask cannot be written', async () => {
    const world = step({ answers: 'closed' });
    expect(await outcome(world, 'github-env:DEPLOY_KEY')).toMatchObject(['refused', 'Nobody reads stderr, so that the key cannot be masked.', true]);
    expect(readFileSync(world.at('env'), 'utf8')).toBe('A=1');
  });

  it.each(['file', 'other', 'terminal'] as const)('is refused where stderr is a %s, which the runner does not read', async (stderrIs) => {
    await expect(ready(step({ stderrIs }), 'github-env:DEPLOY_KEY')).rejects.toMatchObject({ code: 'refused' });
  });

  it('is refused outside of GitHub Actions, without its file, and with a name that GitHub keeps', async () => {
    await expect(ready(sinkWorld(), 'github-env:KEY')).rejects.toMatchObject({
      code: 'refused',
      detail: expect.stringContaining('GITHUB_ACTIONS is not true'),
    });
    await expect(ready(sinkWorld({ env: { GITHUB_ACTIONS: 'true' } }), 'github-env:KEY')).rejects.toMatchObject({ code: 'refused' });
    const world = step();
    await expect(ready(sinkWorld({ env: { GITHUB_ACTIONS: 'true', GITHUB_ENV: world.at('none') } }), 'github-env:KEY')).rejects.toMatchObject({
      code: 'refused',
    });
    await expect(ready(world, 'github-env:GITHUB_TOKEN')).rejects.toMatchObject({ code: 'usage' });
    await expect(ready(world, 'github-env:A=B')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('stdout', () => {
  const actions = { GITHUB_ACTIONS: 'true' };

  it.each([
    ['nothing but the key', {}, ''],
    ['the mask first in a pipe under GitHub Actions', { env: actions }, `::add-mask::${KEY}\n`],
    ['no mask in a terminal', { env: actions, stdoutIs: 'terminal', stderrIs: 'terminal' }, ''],
    ['no mask where a person sees stderr', { env: actions, stderrIs: 'terminal' }, ''],
    ['no mask where it goes into a file', { env: actions, stdoutIs: 'file', stderrIs: 'file' }, ''],
    ['no mask without a runner', { env: { GITHUB_ACTIONS: 'false' }, stderrIs: 'file' }, ''],
  ] as const)('gets %s', async (_title, wishes, mask) => {
    const world = sinkWorld(wishes);
    expect(await outcome(world, 'stdout')).toEqual(['stdout']);
    expect([world.written[1], world.written[2]]).toEqual([`${KEY}\n`, mask]);
  });

  it.each(['file', 'other'] as const)('is refused under GitHub Actions where the mask would go into a %s', async (stderrIs) => {
    await expect(ready(sinkWorld({ env: actions, stderrIs }), 'stdout')).rejects.toMatchObject({ code: 'refused' });
  });

  it('takes nothing where nobody reads, or the disk is full', async () => {
    expect(await outcome(sinkWorld({ answers: 'closed' }), 'stdout')).toEqual(['refused', 'Nobody reads the output any more.', true]);
    expect(await outcome(sinkWorld({ answers: 'full' }), 'stdout')).toEqual(['refused', 'The output cannot be written (ENOSPC).', true]);
  });
});

describe('sinks together', () => {
  it.each([
    ['stdout twice', ['stdout', 'stdout'], 'The sink stdout is named twice.'],
    ['a file twice', ['file:a', 'file:./a'], 'is named twice.'],
    ['a file under two kinds', ['file:a', 'env-file:a#B'], 'write the same file.'],
    ['what is none', ['nowhere'], '"nowhere" is no sink.'],
    ['a kind that is none', ['s3:bucket'], '"s3:bucket" is no sink.'],
    ['what needs a name', ['file'], '"file" is no sink.'],
    ['what takes none', ['stdout:x'], '"stdout:x" is no sink.'],
  ])('are refused with %s', async (_title, names, detail) => {
    await expect(readySinks(names, undefined, sinkWorld().deps)).rejects.toMatchObject({ code: 'usage', detail: expect.stringContaining(detail) });
  });

  it('are stdout where none is named', async () => {
    expect((await readySinks([], undefined, sinkWorld().deps)).map(({ name }) => name)).toEqual(['stdout']);
  });

  it('are told a format only where one of them has formats', async () => {
    const { deps } = sinkWorld({ env: { DISPLAY: ':0' } });
    await expect(readySinks(['exec:cat'], 'env', deps)).rejects.toMatchObject({
      code: 'usage',
      detail: expect.stringContaining('--format is for stdout and file: alone'),
    });
    await expect(readySinks(['stdout'], 'env', deps, { json: true })).rejects.toMatchObject({
      code: 'usage',
      detail: '--json and --format both say what stdout prints.',
    });
    expect(await readySinks(['file:a'], 'env', deps, { json: true })).toHaveLength(1);
  });

  it('each get the key, whatever becomes of the others, and a fault of ours says nothing of it', async () => {
    const world = sinkWorld();
    mkdirSync(world.at('d'));
    const [good, other] = await readySinks(['file:d/a', 'file:d/b'], undefined, world.deps);
    if (good === undefined || other === undefined) throw new Error('there are two');
    const broken: ReadySink = {
      ...other,
      deliver: async () => {
        throw new TypeError(`cannot read ${KEY}`);
      },
    };
    const { took, failed } = await deliverTo([broken, good], DELIVERY);
    expect(took).toEqual([good.name]);
    expect(failed.map(({ failure }) => [failure.code, failure.detail, mayHaveIt(failure)])).toEqual([
      ['bug', 'An unforeseen TypeError came while the key was handed over.', true],
    ]);
  });
});
