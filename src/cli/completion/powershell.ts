import type { Node } from './tree.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const entry = (word: string, about: string): string => `@(${quoted(word)}, ${quoted(about === '' ? word : about)})`;

function branch(node: Node): string {
  const all = [...node.words.map((each) => entry(each.word, each.about)), ...node.flags.flatMap((flag) => flag.words.map((word) => entry(word, flag.about)))];
  return `    ${quoted(node.path.join(' '))} = @(\n      ${all.join(',\n      ')}\n    )`;
}

/** The script for PowerShell 5.1 and later. */
export function powershellScript(nodes: readonly Node[]): string {
  return `# keywright completion for PowerShell. Made by "keywright completion powershell"; changes are lost when it is made again.
Register-ArgumentCompleter -Native -CommandName @('keywright', 'kw') -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
${nodes.map(branch).join('\n')}
  }
  $place = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $next = "$place $($element.Extent.Text)".Trim()
    if (-not $places.ContainsKey($next)) { break }
    $place = $next
  }
  foreach ($candidate in $places[$place]) {
    if ($candidate[0].StartsWith($wordToComplete)) {
      [System.Management.Automation.CompletionResult]::new($candidate[0], $candidate[0], 'ParameterValue', $candidate[1])
    }
  }
}
`;
}
