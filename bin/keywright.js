#!/usr/bin/env node
'use strict';
// The launcher answers --version, every --help and the completion scripts from text made at build time and loads nothing for it.
// It is plain old JavaScript, so that a Node that is too old can still read it and say so.

var fs = require('fs');
var path = require('path');

var OLDEST_NODE = [20, 19];
var WORD = /^[a-z][a-z-]*$/;
var SCRIPTS = { bash: 'keywright.bash', zsh: '_keywright', fish: 'keywright.fish', powershell: 'keywright.ps1' };
/** Without `path`, whose functions Node compiles when they are first called. */
var root = __dirname.slice(0, -'bin'.length);
/** The commands that start often, each with a file of its own in dist, `main-<words>.js`; see scripts/build/quick.mjs. */
var QUICK = ['auth-token', 'auth-status', 'auth-list-keys', 'whoami', 'run'];
var PAUSE_MS = 5;
/** How a file of dist begins of which compiled code is kept: with a hash of all that follows, which is a function as `require` makes one of a file. */
var STAMP = /^\/\*([0-9a-f]{32})\*\//;
/** Node's own variable for the same, and one with which it counts what is run: compiled code that is kept would falsify it. */
var KEEPS = !process.env.NODE_DISABLE_COMPILE_CACHE && !process.env.NODE_V8_COVERAGE;
var NOTHING_KEPT = { code: undefined, runs: 0 };
/** How many runs add to what is kept of a file. Each compiles what it is the first to need, and few ways through a command are common. */
var ADDING_RUNS = 3;
/** What stands before the compiled code in its file: the key, the runs and the length of the code, and blanks. */
var HEAD_BYTES = 128;
var PIECE_BYTES = 32768;
/** Far more than any file of dist compiles to. */
var MAX_CODE_BYTES = 16777216;

/** The files of dist that run, by their names. */
var loaded = {};

/**
 * Writes all of `text`, also to a pipe that is full for now. A reader that has gone away is no error. `instead` is done where nothing of it can
 * be written; without it that is told here.
 */
function write(fd, text, instead) {
  var rest = Buffer.from(text);
  var whole = rest.length;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest));
    } catch (error) {
      if (error.code === 'EPIPE') return;
      if (error.code !== 'EAGAIN') return instead && rest.length === whole ? instead() : notWritten(fd, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** A full disk, or an output that was closed: said in the words of any other failure where that is possible. */
function notWritten(fd, error) {
  process.exitCode = 5;
  if (fd === 2) return;
  write(
    2,
    'error[refused]: This was refused\n  The output cannot be written (' +
      error.code +
      ').\nhint: Make room where it goes, or send it elsewhere. What the command did is done.\n',
  );
}

function isWord(argument) {
  return WORD.test(argument);
}

function isHelpFlag(argument) {
  return argument === '--help' || argument === '-h';
}

/** The words whose help is asked for, or undefined where something else is asked for. */
function helpWords(args) {
  if (args.length === 0) return [];
  if (args[0] === 'help' || isHelpFlag(args[0])) return args.slice(1);
  return isHelpFlag(args[args.length - 1]) ? args.slice(0, -1) : undefined;
}

/** The prepared help text of a command, or undefined where there is none. */
function preparedHelp(words) {
  if (!words.every(isWord)) return undefined;
  try {
    return fs.readFileSync(root + 'dist/texts/' + (words.join('.') || 'root') + '.txt');
  } catch {
    return undefined;
  }
}

/** A completion script lies beside the program as it is printed. Undefined for any other words. */
function completionScript(args) {
  if (args.length !== 2 || args[0] !== 'completion' || !Object.prototype.hasOwnProperty.call(SCRIPTS, args[1])) return undefined;
  try {
    return fs.readFileSync(root + 'completions/' + SCRIPTS[args[1]]);
  } catch {
    return undefined;
  }
}

function tooOld() {
  var parts = process.versions.node.split('.').map(Number);
  return parts[0] < OLDEST_NODE[0] || (parts[0] === OLDEST_NODE[0] && parts[1] < OLDEST_NODE[1]);
}

/** The text of a file, which is ASCII; empty where there is no such file. */
function textOf(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return '';
  }
}

/** What names the text of a file: the hash that it says of itself, and what changes where somebody changes the file. */
function keyOf(file, stamp) {
  var found = fs.statSync(file);
  return stamp + '-' + found.size + '-' + found.mtimeMs;
}

/**
 * The compiled code of a file, as an earlier run of this Node left it: two copies, so that a damaged one is seen; V8 ends the process over
 * that. The second one passes through a small buffer: to fill new memory takes longer than to read.
 */
function compiledCode(file, key) {
  var descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    var piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    fs.readSync(descriptor, piece, 0, HEAD_BYTES, 0);
    var head = piece.latin1Slice(0, HEAD_BYTES).split(' ');
    var length = Number(head[2]);
    if (head[0] !== key || !(length > 0 && length < MAX_CODE_BYTES)) return NOTHING_KEPT;
    var code = Buffer.allocUnsafeSlow(length);
    fs.readSync(descriptor, code, 0, length, HEAD_BYTES);
    for (var at = 0, got = 0; at < length; at += got) {
      got = fs.readSync(descriptor, piece, 0, Math.min(PIECE_BYTES, length - at), HEAD_BYTES + length + at);
      if (got === 0 || code.compare(piece, 0, got, at, at + got) !== 0) return NOTHING_KEPT;
    }
    return { code: code, runs: Number(head[1]) };
  } catch {
    return NOTHING_KEPT;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Only the owner of the program keeps something in it: what root would leave there, the owner could not take away again. */
function isOurs(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return !process.geteuid || fs.statSync(folder).uid === process.geteuid();
  } catch {
    return false;
  }
}

function keep(file, head, script) {
  try {
    require('./keep-compiled.js')(file, head, script);
  } catch {
    // Somebody took the program away meanwhile.
  }
}

/** V8 takes in no code that was written under other flags, so that a run with flags of its own leaves none. */
function hasFlags() {
  return process.execArgv.length > 0 || Boolean(process.env.NODE_OPTIONS);
}

/**
 * Runs a file of dist as `require` does, with its code compiled already where an earlier run has left it. That lies beside the program
 * and nowhere else: who may write there may replace the program itself.
 */
function load(name) {
  if (loaded[name]) return loaded[name].exports;
  var file = root + 'dist' + path.sep + name;
  var source = textOf(file);
  var stamp = (STAMP.exec(source) || [])[1];
  if (!stamp) return require(file);
  var compiled = root + 'dist/compiled/' + [name, process.version, process.platform, process.arch].join('-');
  var key = KEEPS ? keyOf(file, stamp) : '';
  var kept = KEEPS ? compiledCode(compiled, key) : NOTHING_KEPT;
  var script = new (require('vm').Script)(source, { filename: file, cachedData: kept.code });
  var made = (loaded[name] = { exports: {} });
  var runs = script.cachedDataRejected ? 0 : kept.runs;
  if (KEEPS && runs < ADDING_RUNS && !hasFlags() && isOurs(root + 'dist')) {
    process.on('exit', function (code) {
      if (code === 0) keep(compiled, { key: key, runs: runs + 1, headBytes: HEAD_BYTES }, script);
    });
  }
  script.runInThisContext()(made.exports, requireInDist, made, file, root + 'dist');
  return made.exports;
}

function requireInDist(name) {
  // Every module of a file asks for these two, and each time Node looks the name up anew.
  if (name === 'node:fs') return fs;
  if (name === 'node:path') return path;
  if (name[0] !== '.') return require(name);
  var inside = name.slice('./'.length);
  return inside.indexOf('/') < 0 ? load(inside) : require(root + 'dist/' + inside);
}

/** The file to load for these words: a command that is to start fast has one of its own, which does what the main one does. */
function programFor(args) {
  for (var count = 1; count <= Math.min(2, args.length); count += 1) {
    var words = args.slice(0, count).join('-');
    if (QUICK.indexOf(words) >= 0 && fs.existsSync(root + 'dist/main-' + words + '.js')) return 'main-' + words + '.js';
  }
  return 'main.js';
}

function loadProgram(args) {
  try {
    load(programFor(args));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || fs.existsSync(root + 'dist/main.js')) throw error;
    write(2, 'keywright is not built: there is no dist/main.js. Run `npm run build` first.\n');
    process.exitCode = 1;
  }
}

/** Clients of MCP start a bridge over and over, and wait for it: its way is shorter. False where these words are not for it. */
function startBridge(args) {
  return args[0] === 'mcp' && fs.existsSync(root + 'dist/bridge.js') && load('bridge.js').start(args.slice(1));
}

/** The words for which there is a short way, joined by what stands in none, with the file of dist and the function in it that gives what they print. */
var SHORT = { 'auth\0token': ['token.js', 'tokenAtHand'], 'auth\0status\0--json': ['status.js', 'statusAtHand'] };

/** Prints a result where reading is all that it takes. Whatever goes wrong, the whole program comes to the same, and tells. */
function printAtHand(way, args) {
  var over = false;
  function told(text) {
    if (over) return;
    over = true;
    if (!text) return loadProgram(args);
    var failed = false;
    process.exitCode = 0;
    // Who tells of a failure as it was asked for is the whole program, which meets it again.
    write(1, text, function () {
      failed = true;
      process.exitCode = undefined;
      loadProgram(args);
    });
    if (failed) return;
    // Left to itself, Node would take its memory apart before it ends. Whatever else is under way shall come to its end.
    if (process.getActiveResourcesInfo().length === 0) process.exit();
  }
  function untold() {
    told('');
  }
  var text;
  try {
    text = load(way[0])[way[1]]();
  } catch {
    // Whatever it was, the whole program meets it again.
  }
  if (!text || !text.then) return told(text);
  text.then(told, untold);
  // A promise that never settles keeps no process alive, which would end as if it had printed something.
  process.on('beforeExit', untold);
}

/** Completion at the Tab key: whatever goes wrong, there is nobody to tell. */
function complete(args) {
  try {
    require('../dist/complete.js').start(args);
  } catch {
    // Nothing is offered.
  }
}

function start(args) {
  if (args[0] === '__complete') return complete(args.slice(1));
  if (tooOld()) {
    write(2, 'keywright needs Node ' + OLDEST_NODE.join('.') + ' or newer; this is ' + process.versions.node + '.\n');
    process.exitCode = 1;
    return;
  }
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    write(1, JSON.parse(fs.readFileSync(root + 'package.json', 'utf8')).version + '\n');
    return;
  }
  var words = helpWords(args);
  var text = words ? preparedHelp(words) : completionScript(args);
  if (text) write(1, text);
  else if (Object.prototype.hasOwnProperty.call(SHORT, args.join('\0'))) printAtHand(SHORT[args.join('\0')], args);
  else if (!startBridge(args)) loadProgram(args);
}

start(process.argv.slice(2));
