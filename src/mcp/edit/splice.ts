/** One change of a text: what lies from `from` to `to` becomes `text`. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Carries out changes that do not overlap. Every byte outside of them stays. */
export function spliced(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((one, other) => other.from - one.from)
    .reduce((changed, splice) => changed.slice(0, splice.from) + splice.text + changed.slice(splice.to), text);
}
