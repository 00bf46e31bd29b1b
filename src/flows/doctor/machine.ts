import { listenOnLoopback } from '../../oauth/loopback.ts';
import { plainText } from '../../render/plain-text.ts';
import { type CheckDeps, type Finding, ok, problem, warning } from './finding.ts';

/** The `engines` of package.json. */
const OLDEST_NODE = { major: 20, minor: 19 };

export function checkNode({ system }: Pick<CheckDeps, 'system'>): readonly Finding[] {
  const [major = 0, minor = 0] = system.nodeVersion.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor);
  const wanted = `${OLDEST_NODE.major}.${OLDEST_NODE.minor}`;
  if (isNewEnough) return [ok('node-version', `Node ${system.nodeVersion} is new enough.`)];
  return [problem('node-version', `Node ${system.nodeVersion} is older than ${wanted}.`, `Install Node ${wanted} or newer.`)];
}

/** Binds the very listener that a sign-in uses. */
export async function checkLoopback(): Promise<readonly Finding[]> {
  try {
    const listener = await listenOnLoopback();
    await listener.close();
    return [ok('loopback', 'A sign-in can listen on 127.0.0.1 for its redirect.')];
  } catch (thrown) {
    const why = plainText(thrown instanceof Error ? thrown.message : 'unknown', 120);
    return [
      problem(
        'loopback',
        `Nothing can listen on 127.0.0.1 (${why}), so no redirect of a sign-in would arrive.`,
        'Allow it for this program, or sign in with --with-token.',
      ),
    ];
  }
}

export function checkBrowser({ browser }: Pick<CheckDeps, 'browser'>): readonly Finding[] {
  if (browser.likely) return [ok('browser', 'A browser can be expected to open here.')];
  const why = browser.whyUnlikely === null ? '' : `, because ${plainText(browser.whyUnlikely, 120)}`;
  return [warning('browser', `No browser is expected to open here${why}.`, 'Sign in with: keywright login --no-browser   (or --with-token)')];
}

/** What the session bus says; whether the keychain can be used for what is kept there is told by `store-usable`. */
export async function checkSessionBus({ system }: Pick<CheckDeps, 'system'>): Promise<readonly Finding[]> {
  const fileStore = 'or keep credentials in an encrypted file: keywright login --store file';
  switch (await system.sessionBus()) {
    case 'not-asked':
      return [];
    case 'unlocked':
      return [ok('session-bus', 'The session bus answers, and the keychain behind it is unlocked.')];
    case 'locked':
      return [warning('session-bus', 'The keychain behind the session bus is locked.', `Unlock it by logging in to the desktop session, ${fileStore}`)];
    case 'no-bus':
      return [
        warning('session-bus', 'There is no session bus, through which the keychain would be reached.', `Run it inside the desktop session, ${fileStore}`),
      ];
    case 'no-keychain':
      return [warning('session-bus', 'No keychain service runs on the session bus.', `Start one, for example gnome-keyring-daemon, ${fileStore}`)];
    case 'silent':
      return [warning('session-bus', 'The keychain did not answer in time.', `Restart the keychain service, ${fileStore}`)];
    case 'odd':
      return [warning('session-bus', 'It cannot be told whether the keychain is unlocked.', `See what store-usable says, ${fileStore}`)];
  }
}
