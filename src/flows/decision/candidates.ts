/**
 * What became of one place that an answer could come from. `used`: it decided. `shadowed`: it would have answered, but
 * another came first. `set-aside`: the command line overruled it. `not-set`: it says nothing. `does-not-fit`: it says
 * something that is not for this. `refused`: it came first, and may not be used like that. `absent`: there is nothing stored.
 */
export type CandidateStatus = 'used' | 'set-aside' | 'shadowed' | 'not-set' | 'does-not-fit' | 'refused' | 'absent';

export type CandidateSource = 'flag' | 'variable' | 'binding' | 'default' | 'sign-in' | 'definition';

/** One place that was looked at, in the order in which they were; `Shown` is what else is told of it. */
export type Candidate<Shown> = Shown & {
  readonly source: CandidateSource;
  readonly name: string;
  readonly status: CandidateStatus;
  readonly why: string;
};

/** A place before the choice: either it has an answer to give, or a reason why it has none. */
export interface Bid<Answer, Shown> {
  readonly source: CandidateSource;
  readonly name: string;
  readonly shown: Shown;
  readonly says:
    | { readonly kind: 'answer'; readonly answer: Answer; readonly why: string }
    | { readonly kind: 'nothing'; readonly status: Exclude<CandidateStatus, 'used' | 'shadowed' | 'refused'>; readonly why: string };
}

export interface Choice<Answer, Shown> {
  readonly winner: { readonly name: string; readonly answer: Answer } | undefined;
  readonly candidates: ReadonlyArray<Candidate<Shown>>;
}

/** The first bid with an answer wins; those after it are shadowed by it. */
export function firstOf<Answer, Shown>(bids: ReadonlyArray<Bid<Answer, Shown>>): Choice<Answer, Shown> {
  let winner: Choice<Answer, Shown>['winner'];
  const candidates = bids.map(({ source, name, shown, says }): Candidate<Shown> => {
    if (says.kind === 'nothing') return { ...shown, source, name, status: says.status, why: says.why };
    if (winner !== undefined) return { ...shown, source, name, status: 'shadowed', why: `${winner.name} comes first` };
    winner = { name, answer: says.answer };
    return { ...shown, source, name, status: 'used', why: says.why };
  });
  return { winner, candidates };
}

/** The same candidates, with the one that was chosen marked as refused. */
export function withRefused<Shown>(candidates: ReadonlyArray<Candidate<Shown>>, why: string): ReadonlyArray<Candidate<Shown>> {
  return candidates.map((candidate): Candidate<Shown> => (candidate.status === 'used' ? { ...candidate, status: 'refused', why } : candidate));
}
