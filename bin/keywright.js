#!/usr/bin/env node
'use strict';
// The launcher answers --version, every --help and the completion scripts from text made at build time and loads nothing for it.
// It is plain old JavaScript, so that a Node that is too old can still read it and say so.

var fs = require('fs');

var OLDEST_NODE = [20, 19];
var WORD = /^[a-z][a-z-]*$/;
var SCRIPTS = { bash: 'keywright.bash', zsh: '_keywright', fish: 'keywright.fish', powershell: 'keywright.ps1' };
var root = __dirname + '/../';
var PAUSE_MS = 5;

/** Writes all of `text`, also to a pipe that is full for now. A reader that has gone away is no error. */
function write(fd, text) {
  var rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest));
    } catch (error) {
      if (error.code === 'EPIPE') return;
      if (error.code !== 'EAGAIN') return notWritten(fd, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** A full disk, or an output that was closed: said in the words of any other failure where that is possible. */
function notWritten(fd, error) {
  process.exitCode = 5;
  if (fd !== 2) write(2, 'error[refused]: This was refused\n  The output cannot be written (' + error.code + ').\n');
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

/** The file to load for these words: a command that is to start fast has one of its own, which does what the main one does. */
function programFor(args) {
  for (var count = 1; count <= Math.min(2, args.length); count += 1) {
    var words = args.slice(0, count);
    if (!words.every(isWord)) break;
    var file = root + 'dist/main-' + words.join('-') + '.js';
    if (fs.existsSync(file)) return file;
  }
  return root + 'dist/main.js';
}

function loadProgram(args) {
  try {
    require(programFor(args));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || fs.existsSync(root + 'dist/main.js')) throw error;
    write(2, 'keywright is not built: there is no dist/main.js. Run `npm run build` first.\n');
    process.exitCode = 1;
  }
}

/** Clients of MCP start a bridge over and over, and wait for it: its way is shorter. False where these words are not for it. */
function startBridge(args) {
  return args[0] === 'mcp' && fs.existsSync(root + 'dist/bridge.js') && require('../dist/bridge.js').start(args.slice(1));
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
  else if (!startBridge(args)) loadProgram(args);
}

start(process.argv.slice(2));
