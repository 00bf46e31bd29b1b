import { header, type Place, placesOf, type Spot, spotsOf } from './cases.ts';
import type { Node } from './tree.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (words: readonly string[]): string => `@(${words.map(quoted).join(', ')})`;
const pairs = (all: ReadonlyArray<{ readonly word: string; readonly about: string }>): string =>
  all.length === 0
    ? '@()'
    : `@(\n        ${all.map(({ word, about }) => `,@(${quoted(word)}, ${quoted(about === '' ? word : about)})`).join('\n        ')}\n      )`;

function placeEntry({ name, words, flags, valued, last, after }: Place): string {
  return `    ${quoted(name)} = @{
      Words = ${pairs(words)}
      Flags = ${pairs(flags)}
      Valued = ${list(valued)}
      Last = ${last ?? '$null'}
      After = ${after ? '$true' : '$false'}
    }`;
}

function spotEntries({ at, values: { choices, asks, paths } }: Spot, index: number): string {
  const spot = `  $spot${index} = @{ Choices = ${list(choices)}; Asks = ${quoted(asks ?? '')}; Paths = ${list(paths === 'all' ? ['all'] : paths)} }`;
  return `${spot}\n${at.map((each) => `  $spots[${quoted(each)}] = $spot${index}`).join('\n')}`;
}

/**
 * The script for PowerShell 5.1 and later. Words of the line are taken as text from the syntax tree and never evaluated; what the program
 * answers is let through only if it is plain.
 */
export function powershellScript(nodes: readonly Node[], version: string): string {
  return `${header('PowerShell', version)}
Register-ArgumentCompleter -Native -CommandName @('keywright', 'kw') -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
${placesOf(nodes).map(placeEntry).join('\n')}
  }
  $spots = @{}
${spotsOf(nodes).map(spotEntries).join('\n')}
  function Write-Offer($word, $about, $front) {
    $text = "$front$word"
    if ($text.StartsWith($wordToComplete, [System.StringComparison]::Ordinal) -and -not $text.StartsWith('@')) {
      [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
  }
  function Write-Files($beginning, $path) {
    foreach ($found in [System.Management.Automation.CompletionCompleters]::CompleteFilename($path)) {
      $text = $found.CompletionText
      if ($beginning -ne '' -and $text -match '[^A-Za-z0-9_.:/\\\\-]') { continue }
      [System.Management.Automation.CompletionResult]::new("$beginning$text", $found.ListItemText, $found.ResultType, $found.ToolTip)
    }
  }
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $wordToComplete -eq '' } | ForEach-Object { $_.Extent.Text })
  $place = ''
  $index = 0
  while ($index -lt $typed.Count) {
    $next = "$place $($typed[$index])".Trim()
    if (-not $places.ContainsKey($next)) { break }
    $place = $next
    $index += 1
  }
  $here = $places[$place]
  $number = 0
  $flag = ''
  $provider = ''
  $account = ''
  while ($index -lt $typed.Count) {
    $word = $typed[$index]
    $said = $word
    if ($flag -ne '') {
      $said = "$flag=$word"
      $flag = ''
    } elseif ($word -eq '--' -and $here.After) {
      if ($index -eq $typed.Count - 1) { [System.Management.Automation.CompletionCompleters]::CompleteCommand($wordToComplete) }
      else { Write-Files '' $wordToComplete }
      return
    } elseif ($here.Valued -ccontains $word) {
      $flag = $word
    } elseif (-not $word.StartsWith('-')) {
      $number += 1
    }
    if ($said -cmatch '^--provider=([a-z][a-z0-9-]*)$') { $provider = $Matches[1] }
    if ($said -cmatch '^--account=([A-Za-z0-9][A-Za-z0-9_.@+-]*)$') { $account = $Matches[1] }
    $index += 1
  }
  $front = ''
  $value = $wordToComplete
  if ($flag -eq '') {
    if ($wordToComplete -cmatch '^(--[a-z-]+)=(.*)$') {
      $flag = $Matches[1]
      $front = "$flag="
      $value = $Matches[2]
    } elseif ($wordToComplete.StartsWith('-')) {
      foreach ($pair in $here.Flags) { Write-Offer $pair[0] $pair[1] '' }
      return
    }
  }
  if ($null -ne $here.Last -and $number -gt $here.Last) { $number = $here.Last }
  if ($flag -eq '' -and $number -eq 0) {
    foreach ($pair in $here.Words) { Write-Offer $pair[0] $pair[1] '' }
  }
  $at = if ($flag -ne '') { "$place $flag" } else { "$place $number" }
  $spot = $spots[$at]
  if ($null -eq $spot) { return }
  foreach ($beginning in $spot.Paths) {
    if ($beginning -eq 'all') {
      Write-Files $front $value
      return
    }
    if ($value.StartsWith($beginning, [System.StringComparison]::Ordinal)) {
      Write-Files "$front$beginning" $value.Substring($beginning.Length)
      return
    }
  }
  foreach ($word in $spot.Choices) { Write-Offer $word $word $front }
  if ($spot.Asks -eq '') { return }
  $words = @('__complete', $spot.Asks)
  if ($provider -ne '') { $words += @('--provider', $provider) }
  if ($account -ne '') { $words += @('--account', $account) }
  try {
    foreach ($line in (& keywright @words 2>$null)) {
      if ($line -cmatch '^([A-Za-z0-9_.@][A-Za-z0-9_.@-]*)\\t(.*)$') {
        $about = if ($Matches[2] -ne '') { $Matches[2] } else { $Matches[1] }
        Write-Offer $Matches[1] $about $front
      }
    }
  } catch { }
}
`;
}
