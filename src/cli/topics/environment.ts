import { wrapped } from '../../model/wrap.ts';
import { PROVIDERS } from '../../providers/registry.ts';

interface VariableFacts {
  /** Names that mean the same, the one that counts first. */
  readonly names: readonly string[];
  readonly about: string;
}

interface VariableGroup {
  readonly title: string;
  /** How its variables stand to each other and to flags. */
  readonly rule: string;
  readonly variables: readonly VariableFacts[];
}

/** In place of the part of a name that each provider has of its own. */
export const PREFIX = '<PROVIDER>';

const prefixes = PROVIDERS.map(({ envPrefix }) => envPrefix).join(', ');

/** Every variable that keywright reads. A test compares them with the source. */
export const VARIABLES: readonly VariableGroup[] = [
  {
    title: 'Credentials',
    rule: 'The first that is set counts. --account goes before all of them; a sign-in in the store comes after. None of them reaches a program that we start, but for the one that "run" sets.',
    variables: [
      { names: [`${PREFIX}_API_KEY`], about: 'A key or token for that provider alone' },
      { names: ['KEYWRIGHT_API_KEY'], about: 'For whichever provider is meant' },
      { names: ['API_KEY'], about: 'The same, but only where it looks like a key of the provider: it may belong to something else' },
    ],
  },
  {
    title: 'Addresses and projects',
    rule: "The first that is set counts, then the provider's own address. A key from one of the first two variables above is sent only to the provider's own address, to loopback, or to one from a variable that stands as high in this list or higher.",
    variables: [
      { names: [`${PREFIX}_API_URL`], about: 'The address of that provider, such as that of a local backend' },
      { names: ['KEYWRIGHT_API_URL'], about: 'For whichever provider is meant' },
      { names: ['API_URL'], about: 'The same, under the name that other tools use' },
      {
        names: [`${PREFIX}_PROJECT`],
        about: 'The project, for a credential that works for several; --project goes before it, the binding of the folder after it',
      },
    ],
  },
  {
    title: 'The store',
    rule: 'Flags go before variables.',
    variables: [
      { names: ['KEYWRIGHT_STORE'], about: 'keychain or file: where sign-ins are kept; --store goes before it, and a sign-in stays where it was made' },
      { names: ['KEYWRIGHT_STORE_KEY'], about: 'The key of the encrypted file: 32 bytes in hex or base64url' },
      { names: ['CREDENTIALS_DIRECTORY'], about: 'Of a systemd unit: the file keywright-store-key in it is that key, if the variable above is not set' },
      { names: ['KEYWRIGHT_STORE_PASSPHRASE'], about: 'A passphrase for the encrypted file, where it is to have one in place of a key' },
      { names: ['DBUS_SESSION_BUS_ADDRESS'], about: 'How the keychain is reached on Linux; else the socket "bus" in the next one' },
      { names: ['XDG_RUNTIME_DIR'], about: 'The folder of the sockets of your session' },
    ],
  },
  {
    title: 'Folders',
    rule: 'Only absolute paths count. Locks and the journal of refreshes lie below the home folder of the password database, under no variable.',
    variables: [
      { names: ['HOME', 'USERPROFILE'], about: 'Your home folder (the second on Windows)' },
      { names: ['XDG_CONFIG_HOME', 'APPDATA'], about: 'Settings and definitions of providers (the second on Windows), and the files of several MCP clients' },
      { names: ['XDG_DATA_HOME', 'LOCALAPPDATA'], about: 'The encrypted file; completion scripts' },
      { names: ['XDG_STATE_HOME'], about: 'Records of accounts, grants and rotations, without a secret' },
      { names: ['XDG_CACHE_HOME'], about: 'The cache; nothing is kept there now' },
      { names: ['CLAUDE_CONFIG_DIR'], about: 'Where Claude Code has its files' },
      { names: ['CODEX_HOME'], about: 'Where Codex has its files' },
    ],
  },
  {
    title: 'The network',
    rule: 'The first of the proxies that is set counts. Loopback never goes through a proxy.',
    variables: [
      { names: ['https_proxy', 'HTTPS_PROXY'], about: 'The proxy of requests' },
      { names: ['all_proxy', 'ALL_PROXY'], about: 'The same, for all kinds of requests' },
      { names: ['no_proxy', 'NO_PROXY'], about: 'Hosts that are reached without it, separated by commas' },
    ],
  },
  {
    title: 'The screen',
    rule: 'See "keywright help formatting".',
    variables: [
      { names: ['NO_COLOR'], about: 'No colour, whatever its value; --no-color does the same' },
      { names: ['FORCE_COLOR'], about: 'Colour also where there is no terminal; 0 or false: none. NO_COLOR goes before it' },
      { names: ['TERM'], about: 'dumb: no colour, plain questions, progress as lines' },
      { names: ['KEYWRIGHT_ACCESSIBLE'], about: 'Any value but 0: plain questions and progress as lines, for screen readers' },
      { names: ['CI'], about: 'Progress as lines' },
    ],
  },
  {
    title: 'Programs that we start, and where we run',
    rule: 'Read to find out what can be expected here.',
    variables: [
      { names: ['PATH', 'PATHEXT'], about: 'Where programs are looked for (the second on Windows: how their names end)' },
      { names: ['BROWSER'], about: 'The program that opens addresses; with it a browser is expected also where none would be' },
      { names: ['DISPLAY', 'WAYLAND_DISPLAY'], about: 'A desktop: a browser is expected, and the clipboard is that of the desktop' },
      { names: ['WSL_DISTRO_NAME', 'WSL_INTEROP'], about: 'Windows around a Linux: its browser and its clipboard are used' },
      { names: ['SSH_CONNECTION', 'container'], about: 'A session from afar, or a container: no browser is expected' },
      { names: ['SHELL'], about: 'The shell that completion is installed for, where none is named' },
      { names: ['FPATH', 'ZDOTDIR'], about: 'Where zsh looks for completion, and where its .zshrc lies' },
      { names: ['BASH_COMPLETION_USER_DIR'], about: 'Where bash-completion looks' },
      { names: ['GITHUB_ACTIONS'], about: 'true: keys and tokens are masked in the log before they are printed' },
      { names: ['GITHUB_ENV'], about: 'The file that the sink github-env writes to' },
      { names: ['GH_HOST'], about: 'The host of GitHub for the sink github-secret, read as gh reads it' },
    ],
  },
];

const WIDTH = 80;
const INDENT = 6;

const entry = ({ names, about }: VariableFacts): string =>
  `  ${names.join(', ')}\n${wrapped(about, WIDTH - INDENT)
    .map((line) => `${' '.repeat(INDENT)}${line}\n`)
    .join('')}`;

const group = ({ title, rule, variables }: VariableGroup): string => `${title}\n${wrapped(rule, WIDTH).join('\n')}\n\n${variables.map(entry).join('')}`;

/** `help environment`: every variable that is read, and what goes before what. */
export function environmentTopic(): string {
  const about = `An empty variable counts as unset. ${PREFIX} stands for ${prefixes}, or for the id of a provider of your own in capitals. "keywright whoami --explain" shows which of them decided.`;
  return `Environment\n\n${wrapped(about, WIDTH).join('\n')}\n\n${VARIABLES.map(group).join('\n')}`;
}
