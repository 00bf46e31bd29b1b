/** `help formatting`: what goes where, and in which form. */
export function formattingTopic(): string {
  return `Formatting

Results go to stdout; questions, notes, warnings, progress and errors go to
stderr. So "keywright auth token > file" writes a token and nothing else.

  terminal     Tables with headings, fitted to the width of the window, and
               times such as "in 3d" or "2h ago". Where a table does not fit, every
               row becomes a block of its own.
  pipe, file   One line for each thing, its columns separated by tabs, without
               headings, colours or shortening. Times are RFC 3339 in UTC. The
               columns and their order do not depend on what they hold.
  --json       The same data as JSON: a list is an array of objects, a thing is
               an object. One line in a pipe, indented in a terminal.
  --jsonl      For results that are lists: one JSON object on each line, as they
               come.

JSON   Field names are snake_case and stable: fields are added, but none is
       renamed, and none changes its kind. What is not known is null. Times are
       RFC 3339 in UTC. A failure is an object with "error" in place of the
       result; see "keywright help exit-codes".

Quiet  --quiet leaves results and errors; --debug tells on stderr what is done,
       and never shows a secret.

Colour Only in a terminal. --no-color, NO_COLOR with any value, or TERM=dumb
       turn it off; FORCE_COLOR turns it on elsewhere, and FORCE_COLOR=0 off.
       No meaning is in the colour alone.

Asking Questions are asked only where stdin and stderr are terminals. With
       --no-input, or in a pipe, a command fails with needs-answer and names
       the flag that answers. KEYWRIGHT_ACCESSIBLE=1 asks in plain lines, for
       screen readers, and shows progress as lines; CI does the latter.

Secret A key or a token is printed only by the command whose job that is, once,
       and alone on stdout. In all other output it is replaced by [secret].
`;
}
