import { describe, expect, it } from 'vitest';
import { createResults } from '../../../src/adapters/results.ts';
import { Secret } from '../../../src/model/secret.ts';

function results(answer: 'written' | 'closed'): { readonly made: ReturnType<typeof createResults>; readonly written: Array<readonly [number, string]> } {
  const written: Array<readonly [number, string]> = [];
  const write = (descriptor: 1 | 2, text: string): 'written' | 'closed' => {
    written.push([descriptor, text]);
    return answer;
  };
  return { made: createResults({ stdoutIs: 'pipe', stderrIs: 'pipe', write }), written };
}

describe('the result stream', () => {
  it('writes to stdout', () => {
    const { made, written } = results('written');
    made.write(new Secret('k-1\n'));
    expect(written).toEqual([[1, 'k-1\n']]);
  });

  it('fails where nobody reads on', () => {
    expect(() => results('closed').made.write(new Secret('k-1\n'))).toThrow(/^refused: Nobody reads the output any more\.$/);
  });

  it('masks on stderr, in a form that stays one line', () => {
    const { made, written } = results('written');
    made.mask(new Secret('a%b\r\nc'));
    expect(written).toEqual([[2, '::add-mask::a%25b%0D%0Ac\n']]);
  });

  it('fails where nobody hears the mask', () => {
    expect(() => results('closed').made.mask(new Secret('k-1'))).toThrow(/^refused: Nobody reads stderr/);
  });
});
