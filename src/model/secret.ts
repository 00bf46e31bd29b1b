const hidden = '[secret]';

/**
 * A value that must not be shown: an access token, a refresh token, an API key.
 *
 * Every accidental way to text (template literals, JSON, `console.log`, a debugger's inspect) gives `[secret]`.
 * Only `reveal()` gives the value, and only the places whose job it is may call it; a test lists them.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it at the last moment before it leaves for the wire, the store or the one permitted screen. */
  reveal(): string {
    return this.#value;
  }

  /**
   * Enough to recognise the value in a list, never enough to use it: the first 8 characters and the last 4.
   * Values shorter than 32 characters give nothing away but their being there.
   */
  preview(): string {
    const value = this.#value;
    return value.length < 32 ? '****' : `${value.slice(0, 8)}...${value.slice(-4)}`;
  }

  /** Whether the value begins with `prefix`: to tell one's own key in a list. */
  startsWith(prefix: string): boolean {
    return this.#value.startsWith(prefix);
  }

  /** Whether `text` is the value. */
  is(text: string): boolean {
    return this.#value === text;
  }

  /** Whether it is the same value. The other one may come from a second copy of this class, since files that are loaded on their own hold one each. */
  equals(other: Secret): boolean {
    return other.is(this.#value);
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}
