const FONT_SIZE = 14;
/** Of the width of a character to the size of its font; `textLength` holds every font to it. */
const ADVANCE = 0.6;
const LINE = 20;
const MARGIN = 20;

/** Contrast with the ground is at least 4.5 to 1 in light and in dark (WCAG 2.2, 1.4.3). The numbers are those of SGR (ECMA-48, 8.3.117). */
const COLOURS = {
  1: ['#b3261e', '#f2b8b5'],
  2: ['#1a6b2f', '#8fd19e'],
  3: ['#7a5200', '#e2c26b'],
  4: ['#0b57d0', '#a8c7fa'],
  5: ['#7b2f8e', '#d7aefb'],
  6: ['#0b6370', '#86d3de'],
};

const colourRules = (shade) =>
  Object.entries(COLOURS)
    .map(([number, shades]) => `.c${number} { fill: ${shades[shade]}; }`)
    .join(' ');

const STYLE = `
.ground { fill: #ffffff; stroke: #6b7280; } text { fill: #1b1f24; font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; }
.bold { font-weight: 700; } .dim { fill: #4b5563; } .underlined { text-decoration: underline; } ${colourRules(0)}
@media (prefers-color-scheme: dark) { .ground { fill: #14171a; stroke: #8b939c; } text { fill: #e8eaed; } .dim { fill: #b4bac2; } ${colourRules(1)} }
`;

const escaped = (text) => text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]);

/** The look after a sequence of colour; grounds and what a picture cannot show are left out. */
function next(look, codes) {
  let { bold, dim, underlined, colour } = look;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) ({ bold, dim, underlined, colour } = PLAIN);
    else if (code === 1) bold = true;
    else if (code === 2) dim = true;
    else if (code === 4) underlined = true;
    else if (code === 22) bold = dim = false;
    else if (code === 24) underlined = false;
    else if (code === 39) colour = 0;
    else if (code === 90) dim = true;
    else if ((code >= 31 && code <= 36) || (code >= 91 && code <= 96)) colour = code % 10;
  }
  return { bold, dim, underlined, colour };
}

const PLAIN = { bold: false, dim: false, underlined: false, colour: 0 };

/** The characters of a screen with their looks, in lines of at most `columns`, broken as a terminal breaks them. */
function cells(screen, columns) {
  const lines = [];
  let look = PLAIN;
  for (const line of screen.split('\n')) {
    const row = [];
    // oxlint-disable-next-line no-control-regex -- the sequences of a terminal begin with one
    for (const [, codes, character] of line.matchAll(/\u001B\[([0-9;]*)m|([^\u001B])/gu)) {
      if (character === undefined) look = next(look, codes);
      else row.push({ character, look });
    }
    for (let at = 0; at === 0 || at < row.length; at += columns) lines.push(row.slice(at, at + columns));
  }
  return lines;
}

/** Neighbours of the same look, with the column at which they begin. */
function runs(row) {
  const found = [];
  for (const [column, { character, look }] of row.entries()) {
    const last = found.at(-1);
    if (last !== undefined && JSON.stringify(last.look) === JSON.stringify(look)) last.text += character;
    else found.push({ column, look, text: character });
  }
  return found.filter(({ text }) => text.trim() !== '');
}

function tspan({ column, look, text }) {
  const names = [look.bold && 'bold', look.dim && 'dim', look.underlined && 'underlined', look.colour > 0 && `c${look.colour}`].filter(
    (name) => name !== false,
  );
  const kept = text.trimEnd();
  const places = `x="${place(column)}" textLength="${(kept.length * FONT_SIZE * ADVANCE).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `<tspan ${places}${names.length === 0 ? '' : ` class="${names.join(' ')}"`}>${escaped(kept)}</tspan>`;
}

const place = (column) => (MARGIN + column * FONT_SIZE * ADVANCE).toFixed(1);

/** A screen as a picture: text stays text, light or dark as the reader's system is. `screen` may hold sequences of colour (SGR). */
export function drawn(screen, { columns, title, description }) {
  const lines = cells(screen, columns);
  const width = Math.ceil(2 * MARGIN + columns * FONT_SIZE * ADVANCE);
  const height = 2 * MARGIN + lines.length * LINE;
  const rows = lines.flatMap((row, index) => {
    const spans = runs(row).map(tspan);
    return spans.length === 0 ? [] : [`<text y="${MARGIN + index * LINE + FONT_SIZE}">${spans.join('')}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-labelledby="title description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>${STYLE}</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join('\n')}
</svg>
`;
}
