/** Masks three chunks, and says whether there is WebAssembly. */
import process from 'node:process';
import { createMask } from '../../src/adapters/masking/mask.ts';

const mask = createMask(['mxk_0123456789abcdef']);
const out = [mask.pass(Buffer.from('a mxk_01234')), mask.pass(Buffer.from('56789abcdef b')), mask.end()];
process.stdout.write([typeof WebAssembly, ...out.map((pieces) => Buffer.concat(pieces).toString())].join('|'));
