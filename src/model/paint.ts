/** Colours by what they mean. Each gives the text as it is where nobody wants colour; no text may need its colour to be understood. */
export interface Paint {
  /** What failed, or is over. */
  bad(text: string): string;
  /** What may be wrong, or soon will be. */
  wary(text: string): string;
  /** The word to look for. */
  strong(text: string): string;
}

export const NO_PAINT: Paint = { bad: (text) => text, wary: (text) => text, strong: (text) => text };
