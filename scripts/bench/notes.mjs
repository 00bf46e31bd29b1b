/** What a command with one request spends its time on. */
const REQUEST =
  'Half of what is added to bare Node is node:net, node:http and the first request of the process, which is the floor below, among it the time for which the server is waited for. The rest are in equal parts the launcher and taking in the file of the command with its compiled code, the composition of the world with the decision, and our own rules of a request, each of which is run for the first time: limits, the address, proxies, the connection that is made before the request, what is read of the answer. Tried, in processor time: compiled code kept 2.59 to 2.13; what is said of the token 2.0 to 1.95; Ctrl-C without a signal of Node, the connection begun before node:http is loaded, no copies of modules, and an end that waits for no socket to 1.87; the text of the program longer than what V8 counts as young, so that it does not clean up in the middle of the request, 1.88 to 1.82. Tried, and nothing that can be measured: shorter names inside the file, fewer patterns, a hash with fewer calls, no line of progress where nobody looks. A composition of its own as for `auth token`, as a prototype that tells no failure and no interruption: 1.83 to 1.82 over 200 rounds in turn, with a fifth less of compiled code, so that there is none.';

const SECURE_REQUEST =
  'Node 20 reads its certificates at the first connection, whatever is given to it, and then there is a handshake: that is the floor below, to which comes what a token from a variable takes.';

/**
 * What the time is spent on, where a budget is not met: found by measuring, with what was tried. `what` is how the line or its section
 * begins, `memory` is said of a line in MB; `floors` are lines of the same run that say how much of it nobody can save.
 */
export const NOTES = [
  {
    what: '--version, by its installed link',
    text: '/usr/bin/env, a second exec, and Node following the link; nothing of it is ours.',
    floors: [],
  },
  {
    what: 'auth token, key in a variable',
    text: 'About a third of what is added to bare Node is the launcher, a third taking in the file of this way with its compiled code, and the rest the decision which credential counts, run once and by the interpreter. Most of all this is paid for being the first: a fresh process compiles each function of Node when it is first called, 50 to 250 us each, and takes 5 us for each 4 KB of memory that it had not used; node:vm, of which Node keeps no compiled code and without which none of ours can be taken in, is 0.3 ms. Tried, in processor time: compiled code kept beside the program 1.72 to 1.41; all modules of the command in one scope to 1.37; patterns of Unicode, node:os and interruption put off until somebody asks to 1.32; what only some calls need in files of their own, no URL for a plain address, no look at what is not there, and an end that does not wait for the tidying up of Node to 1.22; a composition of its own for this command, which decides by the same functions and gives way to the whole program wherever there is more to do than to read, exports without a table, and no pattern for addresses that are built in to 1.14. Tried, and nothing: shorter names inside the files, a launcher without comments and blanks, the calls and settings of providers left out, compiled code kept as text, texts compared in place of their times, fewer and other readings of the kept code (the first of a process takes 0.3 ms, whatever it reads), an end by force.',
    floors: ['floor: token.js'],
  },
  {
    what: 'auth token, from the encrypted file',
    memory:
      'The launcher and the decision take 1 MB, the code that opens the file and checks it another half, and node:crypto, which Node loads as a whole for the decryption, more than 2; without the last nothing can be opened.',
    text: 'What a token from a variable takes; node:crypto, which Node loads as a whole, streams included, for one decryption: 0.15 to 0.26 more than bare Node and 2.3 MB; and about 0.1 for the record of the account, the key with its checks, and one more file of the program. Tried, in processor time: node:crypto in place of the Web Cryptography API, over which jose goes, and reading at once in place of node:fs/promises, together 2.12 to 1.79 and 2 MB less; the id of the key looked at only where the file does not open, 1 ms of 16; the composition of its own of `auth token`, with all that a sign-in in the file needs in one file of the program, 1.50 to 1.40 and 0.8 MB less. AES in JavaScript from a kept library (@noble/ciphers, compiled code kept too): 1.7 times as long as node:crypto with all that it loads. Web Cryptography without jose: as long as node:crypto. What lies below node:crypto could be had in no time (process.binding), but Node warns of it on stderr and means to take it away.',
    floors: ['floor: token.js', 'floor: node:crypto'],
  },
  {
    what: 'auth status --json',
    memory: 'The code of the command and what every decision leaves behind: nothing of it is collected in so short a life.',
    text: 'The decision is made for each provider in turn, and unfinished work is looked for in every store. Tried, in processor time: compiled code kept 2.34 to 1.79; patterns of Unicode put off 1.69; no node:fs/promises and no node:os 1.54; nothing loaded for what is not there, three decisions a provider only where it has sign-ins, the hash of a name without lists that are taken apart, and an end before Node collects garbage to 1.27; that hash without a function for each word, 0.6 to 0.35 ms; a composition of its own, which gives way to the whole program wherever there is more to do than to read, to 1.23. What is left, of 9 ms: the launcher and its look at what it has kept 2.5, taking in the file of this way 2.4, the record, the settings and the four decisions 3, the result 1.',
    floors: ['floor: token.js'],
  },
  {
    what: 'whoami, over http',
    text: REQUEST,
    floors: ['floor: token.js', 'floor: node:http', 'floor: the smallest program with one request, over http'],
  },
  {
    what: 'auth list-keys of 20 keys, over http',
    text: REQUEST,
    floors: ['floor: token.js', 'floor: node:http', 'floor: the smallest program with one request, over http'],
  },
  {
    what: 'whoami, over https',
    text: SECURE_REQUEST,
    floors: ['floor: the smallest program with one request, over https', 'floor: token.js'],
  },
  {
    what: 'auth list-keys of 20 keys, over https',
    text: SECURE_REQUEST,
    floors: ['floor: the smallest program with one request, over https', 'floor: token.js'],
  },
  {
    what: 'auth token, from the keychain',
    text: 'What a token from a variable takes, and one conversation with the session bus: three quarters of that is node:net, one connection, and the first write and read of a fresh process; it takes two turns, which is the least that the Secret Service allows (the entry is found in the first and read in the second). The library would read it in less, but cannot tell a locked keychain from an empty one and cannot be cut off. Tried, in processor time: compiled code kept 2.35 to 2.1; bytes read past the stream of the socket, and no error made to end the wait, 1.6 ms of 27 in the conversation; numbers of a message read without the general decoder, hardly anything; a write before the connection stands, nothing.',
    floors: ['floor: token.js', 'floor: the smallest program with keytar'],
  },
  {
    what: 'plain lines: run',
    text: 'A process of Node between two pipes already costs most of it: the bytes are read and written once more.',
    floors: ['plain lines: floor: cat', 'plain lines: floor: node', 'plain lines: run --no-mask'],
  },
  {
    what: 'pages of 1,000 (by definition): against the smallest loop',
    text: "Of a page the smallest loop reads 75 KB of JSON and writes half as many fields, with no check. Ours also checks and reads every field, compares times, and writes all twelve fields, which takes half as long again; starting adds what a list of one page takes, a tenth of a second more than the loop and a third of all that is added. Writing bytes in place of copies with other names, times as texts and paths cut once took out two thirds; a page's text in one piece, JSON.stringify and strings put together were slower; the next page asked for before the present one is read took nothing off where the server does not wait. Compiled code kept of what reads the definition: 824 to 805 ms of processor. Fifteen rounds of the same code by themselves gave 1.28.",
    floors: [],
  },
  {
    what: 'pages of 100 (agntix): against the smallest loop',
    text: 'A request with its limits, rules and connections takes half as long again as one of node:http alone, and there are a thousand; four are under way at a time, which hides some of it.',
    floors: [],
  },
  {
    what: 'pages of 1,000 (by definition): against pages x latency',
    text: 'Starting is a tenth of a second, a twentieth of the whole. Of each page the first floor below is what it takes to ask for it and to take it in, with nothing done to it: the system wakes the server and then us, 75 KB go through node:http, and a request goes back, together 1.5 to 3 ms for which nothing can be under way, as the machine is at the time. Between the end of a page and the request for the next one we take 0.9 ms, of which the smallest loop saves half. The cursor is taken from the end of a page before the rest of it is looked at, which is read and written while the next page is on its way (3.6 to 2.3 ms between two requests), and the second page is asked for before the first is shown, where all are wanted (40 ms once).',
    floors: ['floor: pages of 1,000 (by definition): the pages alone', 'floor: pages of 1,000 (by definition): the smallest loop'],
  },
  {
    what: 'memory',
    memory:
      'Two thirds are the program of Node itself and its code. What was listed is held until it is revoked, since the plan is shown first, and so is what became of each, some 2 MB; the rest is what V8 has not collected yet. The smallest loop that revokes as many takes 55 MB at 4,000. Tried: timers that end with their request (20 MB less), one small object for each key, no growth of the memory for new objects (together 94 to 66 MB at 4,000); no signal of Node and no spread for each request, which V8 keeps until a full collection (77 to 65 MB at 10,000, and a sixth less processor time); full collections after less growth (5 MB less without the former, nothing with it).',
  },
  {
    what: '__complete, what Tab asks for',
    text: 'The launcher, one file of 8 kB and the folder of what is known of keys, some 3 ms together: whether the line is met depends on what the machine does at the time (1.07, 1.18 and 1.22 in three full runs, 1.12 and 1.14 on Node 22 and 24).',
    floors: [],
  },
  {
    what: 'the holder is killed: until the last has a token',
    text: 'Two things, one after the other: one process takes the lock over and refreshes, which is the first floor, and then all the others are woken at once, which is the second: most of that is the end of a Node process. One of ours takes about three times the processor time of a bare one: it is woken twice, by the kill and by the new holder, reads the account and the key file again, and removes its socket and its record. Done: who waited looks into the store without the lock once the holder has given it back, as any command does that begins then, where each took the lock in turn before and woke all behind it (that was half of the processor time of the whole scene); no look after a kill, no error made to end a pause, and a living holder looked at once a second (2 to 3 of 16 ms of processor each); a refresh in three files with their compiled code in place of some forty, and a process that ends at once though its standard streams are pipes (together 0.77 to 0.49 s, nine rounds in turn). Tried: more memory for new objects, cancelling by fewer signals, and sleeping without signals of Node, nothing. Left as it is: the library of the refresh loads the fetch of Node for the class of a reply, a sixth of what the one process takes and some 20 ms of the whole; without it a global of Node would have to be replaced. Seven rounds differ by more than the margin: 0.34 and 0.54 s in two full runs of the same code.',
    floors: ['floor: one process that waits for a killed holder', 'floor: 49 bare processes'],
  },
  {
    what: 'Local commands with a resolver that never answers',
    text: 'It opens no socket, starts no program and asks no question (the two lines above), so that nothing of it knows where it is; what differs is what the machine adds between two runs of the same, see the first line of all.',
    floors: [],
  },
  {
    what: 'a secret in each line: run',
    text: 'As for plain lines; each secret is found and replaced by a compiled loop that works on sixteen bytes at once, 0.17 ms/MB by itself. Of the time of our thread about a third is reading, as much that loop, a fifth writing, and a tenth the start; three programs share the two processors. Runs differ: one gave 55 %, another between 46 and 51 %. Tried: what the loop shares with others held in it (0.20 to 0.17 ms/MB), loops in plain JavaScript (0.8 to 0.9 ms/MB by themselves), reading and writing without the event loop (nothing), other sizes of reads (nothing).',
    floors: ['a secret in each line: floor: cat', 'a secret in each line: floor: node', 'a secret in each line: run --no-mask'],
  },
  {
    what: 'coloured lines: run',
    text: 'As for plain lines, and a look at each colour that a secret could hide behind.',
    floors: ['coloured lines: floor: cat', 'coloured lines: floor: node', 'coloured lines: run --no-mask'],
  },
];
