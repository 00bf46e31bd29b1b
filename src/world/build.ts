import { createBrowser } from '../adapters/browser.ts';
import { createResults } from '../adapters/results.ts';
import type { CommonFlags } from '../cli/common-flags.ts';
import type { Deps } from '../model/deps.ts';
import { childrenIn } from './children.ts';
import { completionScriptsIn, configFilesIn, keyFilesIn } from './files.ts';
import { httpIn, type Openness } from './http.ts';
import { notesIn } from './notes.ts';
import { once } from './once.ts';
import { promptIn, type Terminal } from './questions.ts';
import { accountsIn, bindingIn, definitionsIn, ephemeralsIn, grantsIn, journalIn, lockIn, revocationsIn, rotationsIn, settingsIn } from './records.ts';
import type { Screen } from './screen.ts';
import { keychainChild, type Surroundings } from './surroundings.ts';
import { systemIn } from './system.ts';

/** What one run of the program has beside its surroundings. */
export interface Run extends Terminal, Openness {
  readonly screen: Screen;
  readonly knownKeys: Deps['knownKeys'];
}

/** The world of one command. Each part of it is built when it is first used, and loads what it needs when something is asked of it. */
export async function buildDeps(around: Surroundings, run: Run, common: CommonFlags): Promise<Deps> {
  const { env, clock, random, platform, streams } = around;
  const { screen } = run;
  const output = await screen.output(common);
  const prompt = once(() => promptIn(around, screen, run, common));
  const browser = once(() => createBrowser({ env, childEnv: around.childEnv, platform }));
  const https = once(() => httpIn(around, output, run));
  const lock = once(() => lockIn(around));
  const stores = once(async () => (await import('./stores.ts')).storesIn(around, screen, { output, prompt: prompt(), lock: lock() }));
  const revocations = once(() => revocationsIn(around));
  const accounts = once(() => accountsIn(around, output));
  const settings = once(() => settingsIn(around, output));
  const binding = once(() => bindingIn(around, output));
  const definitions = once(() => definitionsIn(around));
  const results = once(() => createResults({ stdoutIs: streams.kindOf(1), stderrIs: streams.kindOf(2), write: screen.write }));
  const children = once(() => childrenIn(around, screen, output));
  const keyFiles = once(() => keyFilesIn(around));
  const configFiles = once(() => configFilesIn(around));
  const rotations = once(() => rotationsIn(around));
  const ephemerals = once(() => ephemeralsIn(around));
  const grants = once(() => grantsIn(around));
  const journal = once(() => journalIn(around));
  const system = once(() => systemIn(around, children()));
  const completionScripts = once(() => completionScriptsIn(around));
  return {
    env,
    clock,
    random,
    output,
    get prompt() {
      return prompt();
    },
    get browser() {
      return browser();
    },
    get http() {
      return https().http;
    },
    bulkHttp: () => https().bulkHttp(),
    oauthHttp: () => https().oauthHttp(),
    store: async (name) => (await stores()).store(name),
    notes: notesIn(around, async (name, manners) => (await stores()).notes(name, manners)),
    get revocations() {
      return revocations();
    },
    get accounts() {
      return accounts();
    },
    get settings() {
      return settings();
    },
    get binding() {
      return binding();
    },
    get definitions() {
      return definitions();
    },
    get results() {
      return results();
    },
    get children() {
      return children();
    },
    get keyFiles() {
      return keyFiles();
    },
    get configFiles() {
      return configFiles();
    },
    get rotations() {
      return rotations();
    },
    get ephemerals() {
      return ephemerals();
    },
    get grants() {
      return grants();
    },
    get lock() {
      return lock();
    },
    get journal() {
      return journal();
    },
    get system() {
      return system();
    },
    get completionScripts() {
      return completionScripts();
    },
    backend: { start: async (options) => (await import('../backend/start.ts')).startBackend(options) },
    bridge: async (call) => (await import('../bridge.ts')).carry(call, keychainChild(around)),
    knownKeys: run.knownKeys,
    get interrupted() {
      return around.interrupted;
    },
  };
}
