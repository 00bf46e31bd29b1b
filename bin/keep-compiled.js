'use strict';
// What the launcher does after few runs only, in a file of its own: Node reads through all of the launcher each time.

var fs = require('fs');
var path = require('path');

function discard(file) {
  try {
    fs.unlinkSync(file);
  } catch {
    // It was never there, or is not ours.
  }
}

/** Makes the folder if need be, but none above it: who took the program away meanwhile shall not find a part of it again. */
function isThere(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** Writes the compiled code for the next run. It is all the same whether that works: the folder may be gone, or the disk full. */
module.exports = function keepCompiledCode(file, head, script) {
  var folder = path.dirname(file);
  var staged = file + '.' + process.pid + '-' + process.hrtime().join('-');
  try {
    isThere(folder);
    fs.accessSync(folder, fs.constants.W_OK);
    // What a run left that was killed while it wrote.
    fs.readdirSync(folder).forEach(function (name) {
      if (name.startsWith(path.basename(file) + '.')) discard(path.join(folder, name));
    });
    // V8 takes in no code that was written under other flags than its own; a long list sets this one, and this is its usual value.
    require('v8').setFlagsFromString('--semi-space-growth-factor=2');
    var code = script.createCachedData();
    // What is run later must be no easier to write than the program itself, whatever the umask.
    var descriptor = fs.openSync(staged, 'wx', 0o644);
    try {
      fs.writevSync(descriptor, [Buffer.alloc(head.headBytes, [head.key, head.runs, code.length, ''].join(' ').padEnd(head.headBytes - 1) + '\n'), code, code]);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(staged, file);
  } catch {
    discard(staged);
  }
};
