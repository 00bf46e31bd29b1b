export interface Browser {
  /** Whether a browser can be expected to appear before this person: `BROWSER` set, or a display and neither an SSH session nor a container. */
  readonly likely: boolean;
  /** Why none can be expected, to stand after "because"; null where one can. */
  readonly whyUnlikely: string | null;
  /** Opens `address` (already checked, see `oauth/address.ts`). */
  open(address: string): Promise<{ readonly kind: 'opened' } | { readonly kind: 'failed'; readonly why: string }>;
}
