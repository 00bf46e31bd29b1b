import { describe, expect, it } from 'vitest';
import { failureOfLibrary, libraryMissing } from '../../../../src/adapters/keychain/failures.ts';

describe('what the keychain library reports', () => {
  it.each([
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain-unavailable: There is no session bus'],
    ['Could not connect: No such file or directory', 'keychain-unavailable: The session bus does not answer'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'keychain-unavailable: No keychain service runs'],
    ['Object does not exist at path \u201c/org/freedesktop/secrets/collection/login\u201d', 'keychain-unavailable: The keychain has no default collection'],
    ['Cannot create an item in a locked collection', 'keychain-locked: The keychain is locked'],
    ['Secret Service: unlock prompt was dismissed', 'keychain-locked: The keychain is locked'],
    ['Timeout was reached', 'timed-out: The keychain did not answer in time'],
  ])('%s', (message, expected) => {
    const failure = failureOfLibrary(message);
    expect(failure.message).toContain(expected);
    expect(failure.hint).toContain('--store file');
  });

  it('is passed on in printable characters where the table does not know it', () => {
    expect(failureOfLibrary('odd \u001b[31m\nthing').message).toBe('keychain-unavailable: The keychain answered with an error: odd [31m thing');
    expect(failureOfLibrary('\n').message).toBe('keychain-unavailable: The keychain answered with an error: it did not say which');
    expect(failureOfLibrary('x'.repeat(900)).detail.length).toBeLessThan(300);
  });

  it('is told apart from a library that is missing, with the package to install on Linux', () => {
    expect(libraryMissing('linux').hint).toContain('apt-get install libsecret-1-0');
    expect(libraryMissing('darwin').hint).not.toContain('apt-get');
    expect(libraryMissing('linux').code).toBe('keychain-unavailable');
  });
});
