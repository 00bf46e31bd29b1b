/**
 * Whether texts match a pattern in which `*` stands for any characters or none and `?` for one character; all else, upper and lower case
 * included, stands for itself. The time is at most the product of both lengths, whatever somebody wrote: after a mismatch only
 * the last `*` takes one character more, since an earlier one could not do better.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const wanted = Array.from(pattern);
  return (text) => {
    const given = Array.from(text);
    let at = 0;
    let want = 0;
    /** Where the last `*` stands, and how far the text goes that it has taken so far. */
    let star = -1;
    let taken = 0;
    while (at < given.length) {
      if (wanted[want] === '*') {
        star = want;
        taken = at;
        want += 1;
      } else if (want < wanted.length && (wanted[want] === '?' || wanted[want] === given[at])) {
        want += 1;
        at += 1;
      } else if (star !== -1) {
        taken += 1;
        at = taken;
        want = star + 1;
      } else return false;
    }
    while (wanted[want] === '*') want += 1;
    return want === wanted.length;
  };
}
