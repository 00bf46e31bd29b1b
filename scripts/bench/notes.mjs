/**
 * What the time is spent on, where a budget is not met: found by measuring, with what was tried. `what` is how the line or its section
 * begins; `floors` are lines of the same run that say how much of it nobody can save.
 */
export const NOTES = [
  {
    what: '--version, by its installed link',
    text: '/usr/bin/env, a second exec, and Node following the link; nothing of it is ours.',
    floors: [],
  },
  {
    what: 'auth token, key in a variable',
    text: 'About half of what is added to bare Node is compiling the file of the command, the rest is running the decision which credential counts for the first time, without compiled code. Splitting the program by command took out what other commands need.',
    floors: ['floor: main-auth-token.js'],
  },
  {
    what: 'auth token, from the encrypted file',
    text: 'What a token from a variable takes, and loading node:crypto and node:fs/promises for the file.',
    floors: ['floor: main-auth-token.js', 'floor: node:crypto', 'floor: node:fs/promises'],
  },
  {
    what: 'auth status --json',
    text: 'Compiling the file of the command, the largest of those that ask nobody, and reading the records of all accounts.',
    floors: ['floor: main-auth-token.js', 'floor: node:fs/promises'],
  },
  {
    what: 'whoami, over http',
    text: 'Compiling the file of the command and loading node:http.',
    floors: ['floor: main-auth-token.js', 'floor: node:http', 'floor: the smallest program with one request, over http'],
  },
  {
    what: 'auth list-keys of 20 keys, over http',
    text: 'Compiling the file of the command and loading node:http.',
    floors: ['floor: main-auth-token.js', 'floor: node:http', 'floor: the smallest program with one request, over http'],
  },
  {
    what: 'whoami, over https',
    text: 'Node 20 reads its certificates at the first connection, whatever is given to it; then a handshake.',
    floors: ['floor: the smallest program with one request, over https'],
  },
  {
    what: 'auth list-keys of 20 keys, over https',
    text: 'Node 20 reads its certificates at the first connection, whatever is given to it; then a handshake.',
    floors: ['floor: the smallest program with one request, over https'],
  },
  {
    what: 'auth token, from the keychain',
    text: 'What a token from a variable takes, and one conversation with the session bus.',
    floors: ['floor: main-auth-token.js', 'floor: the smallest program with keytar'],
  },
  {
    what: 'plain lines: run',
    text: 'A process of Node between two pipes already costs most of it: the bytes are read and written once more.',
    floors: ['plain lines: floor: cat', 'plain lines: floor: node', 'plain lines: run --no-mask'],
  },
];
