/** A chart of lines as SVG: what grows with what. Both axes begin at zero, so that a straight line is a line. */

const SIZE = { width: 640, height: 360, left: 78, right: 20, top: 46, bottom: 54 };
/** Told apart by shade and by dashes, not by hue alone. */
const LOOKS = [
  { stroke: '#0b5394', dash: 'none' },
  { stroke: '#b45f06', dash: '7 4' },
  { stroke: '#38761d', dash: '2 4' },
];

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The next number above that is 1, 2 or 5 times a power of ten. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/** Draws `lines`, each `{ name, points: [[x, y], ...] }`. */
export function chart({ title, across, up, lines }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const points = lines.flatMap((line) => line.points);
  const most = { x: Math.max(...points.map(([x]) => x)), y: ceiling(Math.max(...points.map(([, y]) => y))) };
  const at = ([x, y]) => [left + (x / most.x) * (width - left - right), height - bottom - (y / most.y) * (height - top - bottom)].map((n) => n.toFixed(1));
  const label = (x, y, text, anchor = 'middle') => `<text x="${x}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`;
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const [x, y] = at([0, most.y * share]);
    return `<line x1="${x}" y1="${y}" x2="${width - right}" y2="${y}" stroke="#ccc"/>${label(left - 8, Number(y) + 4, (most.y * share).toLocaleString('en'), 'end')}`;
  });
  const sizes = [...new Set(points.map(([x]) => x))];
  // A size whose label would lie upon that of the one after it stands without a label; the table of the page has it.
  const labelled = sizes.filter((x, index) => index === sizes.length - 1 || (sizes[index + 1] - x) / most.x > 0.09);
  const drawn = lines.map((line, index) => {
    const { stroke, dash } = LOOKS[index % LOOKS.length];
    const dots = line.points.map((point) => `<circle cx="${at(point)[0]}" cy="${at(point)[1]}" r="3.5" fill="${stroke}"/>`).join('');
    const path = line.points.map((point) => at(point).join(',')).join(' ');
    const x = left + 12 + index * 190;
    const key = `<line x1="${x}" y1="36" x2="${x + 26}" y2="36" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/>${label(x + 32, 40, line.name, 'start')}`;
    return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"/>${dots}${key}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="20" font-size="15">${escape(title)}</text>`,
    ...levels,
    ...labelled.map((x) => label(at([x, 0])[0], height - bottom + 18, x.toLocaleString('en'))),
    label((left + width - right) / 2, height - 12, across),
    `<text transform="translate(16 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(up)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
