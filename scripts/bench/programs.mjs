/** The smallest programs that do what the program does: the floor below which no program of Node can come. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const PROGRAMS = {
  /** One request with a key, its answer on stdout. Usage: program URL HEADER VALUE. */
  'one-request.cjs': `
const [url, name, value] = process.argv.slice(2);
const options = { headers: { [name]: value }, agent: false };
require(url.startsWith('https') ? 'node:https' : 'node:http').get(url, options, (reply) => {
  let text = '';
  reply.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => process.stdout.write(text));
}).end();
`,
  /** All pages of a list over one connection, one JSON line for each key. Usage: program bolt|agntix ORIGIN SIZE. */
  'list.cjs': `
const http = require('node:http');
const [dialect, origin, size] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (url) => new Promise((resolve, reject) => {
  http.get(url, { agent, headers: { authorization: 'Bearer x' } }, (reply) => {
    const parts = [];
    reply.on('data', (part) => parts.push(part)).on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString('utf8')))).on('error', reject);
  }).on('error', reject);
});
async function pages() {
  const address = (at) => dialect === 'bolt' ? origin + '/keys?take=' + size + (at === null ? '' : '&after=' + at) : origin + '/v1/chat/api-keys?limit=' + size + '&page=' + at;
  let at = dialect === 'bolt' ? null : 1;
  for (;;) {
    const body = await get(address(at));
    let text = '';
    for (const key of dialect === 'bolt' ? body.items : body.data)
      text += JSON.stringify({ id: key.id, name: key.title ?? key.name, prefix: null, scopes: key.scopes ?? [], created_at: key.created ?? key.createdAt, last_used_at: null }) + '\\n';
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    if (dialect === 'bolt' ? body.next === null : at >= body.pagination.totalPages) return agent.destroy();
    at = dialect === 'bolt' ? body.next : at + 1;
  }
}
void pages();
`,
  /** All pages of a list by cursor over one connection, with nothing done to them. Usage: program ORIGIN SIZE. */
  'pages.cjs': `
const http = require('node:http');
const [origin, size] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
function page(at) {
  http.get(origin + '/keys?take=' + size + at, { agent, headers: { authorization: 'Bearer x' } }, (reply) => {
    const parts = [];
    reply.on('data', (part) => parts.push(part)).on('end', () => {
      const next = /"next":"([0-9]+)"}$/.exec(Buffer.concat(parts).subarray(-40).latin1Slice());
      if (next === null) agent.destroy();
      else page('&after=' + next[1]);
    });
  });
}
page('');
`,
  /** One entry of the keychain on stdout. Usage: program KEYTAR SERVICE ACCOUNT. */
  'keychain.cjs': `
const [keytar, service, account] = process.argv.slice(2);
require(keytar).getPassword(service, account).then((text) => process.stdout.write(text));
`,
  /** Writes a line for each line that it reads. */
  'line-reader.cjs': `
let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) process.stdout.write(line + '\\n');
});
`,
  /** Sends each line that it reads to a server, with an entry of the keychain, and writes the answer. Usage: program KEYTAR SERVICE ACCOUNT URL. */
  'keychain-request.cjs': `
const [keytar, service, account, url] = process.argv.slice(2);
process.stdin.setEncoding('utf8').once('data', async (line) => {
  const { key } = JSON.parse(await require(keytar).getPassword(service, account));
  const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json' };
  require('node:http').request(url, { method: 'POST', headers }, (reply) => {
    let text = '';
    reply.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => process.stdout.write(text + '\\n'));
  }).end(line);
});
`,
};

/** Writes them into the ground's home; gives their paths by name. */
export async function writePrograms(ground) {
  const folder = ground.at('programs');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(PROGRAMS)) await writeFile(path.join(folder, name), text);
  return (name) => path.join(folder, name);
}
