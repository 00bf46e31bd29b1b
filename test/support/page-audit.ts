import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

import { textsIn } from './chromium.ts';

/** WCAG 2.2 at AA, and what axe holds to be good practice beyond it, such as landmarks and the order of headings. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const require = createRequire(import.meta.url);
/** The small build: it is given anew to every page. */
const AXE_ITSELF = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const WIDE = { width: 1280, height: 800 };
/** WCAG 2.2, 1.4.10: 1280 by 1024 pixels at 400 % are 320 by 256. */
const NARROW = { width: 320, height: 256 };

/** What looks and size may change. */
const LOOKS_ONLY = { type: 'rule', values: ['color-contrast', 'target-size'] };

/** What axe finds, and what it cannot tell about contrast, which on these plain pages would be a mistake as well. */
const axe = (
  rules: typeof LOOKS_ONLY,
): string => `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations', 'incomplete'] }).then((result) =>
  [...result.violations, ...result.incomplete.filter(({ id }) => id === 'color-contrast')].flatMap((rule) =>
    rule.nodes.map((node) => rule.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary)))`;

/** WCAG 2.2, 1.4.12. Set through the object model, since the page allows no other style than its own. */
const SPACED = `[...document.querySelectorAll('main, main *')].map((element) => {
  const size = parseFloat(getComputedStyle(element).fontSize);
  element.style.setProperty('line-height', '1.5', 'important');
  element.style.setProperty('letter-spacing', 0.12 * size + 'px', 'important');
  element.style.setProperty('word-spacing', 0.16 * size + 'px', 'important');
  return '';
})`;

const UNSPACED = `[...document.querySelectorAll('main, main *')].map((element) => (element.removeAttribute('style'), ''))`;

const TOO_WIDE = `(() => {
  const room = document.documentElement.clientWidth;
  return [document.documentElement, ...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > room + 0.5 || (element.tagName !== 'INPUT' && element.scrollWidth > room))
    .map((element) => 'wider than ' + room + ' px: ' + element.tagName.toLowerCase() + (element.id === '' ? '' : '#' + element.id));
})()`;

/** The frame of every page, and that its policy let its own style through. */
const FRAME = `[
  document.documentElement.lang === 'en' ? '' : 'no language',
  document.title.trim() === '' ? 'no title' : '',
  document.querySelectorAll('h1').length === 1 ? '' : 'not one h1',
  document.querySelectorAll('main').length === 1 ? '' : 'not one main',
  document.scripts.length === 0 ? '' : 'a script',
  getComputedStyle(document.querySelector('main')).maxWidth === '416px' ? '' : 'without its style',
  document.getAnimations().length === 0 && [...document.querySelectorAll('*')].every((element) => getComputedStyle(element).transitionDuration === '0s') ? '' : 'something moves',
]`;

/** What is wrong with the page as it is shown now: in light and wide, and in dark at 400 %. An empty list is a good page. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.evaluate(AXE_ITSELF);
  for (const [colorScheme, size, rules] of [['light', WIDE, { type: 'tag', values: TAGS }] as const, ['dark', NARROW, LOOKS_ONLY] as const]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    for (const fault of [...(await textsIn(page, axe(rules))), ...(await textsIn(page, FRAME)), ...(await textsIn(page, TOO_WIDE))]) {
      if (fault !== '') found.push(`${colorScheme}, ${size.width} px: ${fault}`);
    }
  }
  await textsIn(page, SPACED);
  found.push(...(await textsIn(page, TOO_WIDE)).map((fault) => `with wide letters: ${fault}`));
  await textsIn(page, UNSPACED);
  return found;
}

interface Stop {
  readonly id: string;
  /** What is wrong with how the focus shows there. */
  readonly faults: readonly string[];
}

/** Ids where there are any; boxes and radio buttons have none, but a name and a value. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return [];
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const inView = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight + 0.5 && box.right <= innerWidth + 0.5;
  return [element.id || element.name + '=' + element.value, style.outlineStyle, style.outlineWidth, style.outlineColor,
    getComputedStyle(document.body).backgroundColor, String(inView)];
})()`;

/** Where the focus is, and what is wrong with how it shows; undefined where nothing of the page has it. */
export async function focused(page: Page): Promise<Stop | undefined> {
  const [id, style = '', width = '', colour = '', ground = '', inView = ''] = await textsIn(page, FOCUSED);
  if (id === undefined) return undefined;
  const faults = [
    style === 'solid' && Number.parseFloat(width) >= 2 ? '' : `an outline of ${width} ${style}`,
    // WCAG 2.2, 1.4.11.
    contrast(colour, ground) >= 3 ? '' : `a ring of ${colour} on ${ground}`,
    inView === 'true' ? '' : 'out of view',
  ];
  return { id, faults: faults.filter((fault) => fault !== '').map((fault) => `${id} has ${fault}`) };
}

/** Everything that Tab comes to, in order, with the faults of each; ends where the focus leaves the page. */
export async function tabStops(page: Page): Promise<{ readonly ids: readonly string[]; readonly faults: readonly string[] }> {
  const ids: string[] = [];
  const faults: string[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop === undefined || ids.includes(stop.id)) return { ids, faults };
    ids.push(stop.id);
    faults.push(...stop.faults);
  }
}

/** Presses Tab until the element with this id has the focus, then `key`: what a person without a mouse does. */
export async function pressOn(page: Page, id: string, key = 'Enter'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 40) {
    await page.keyboard.press('Tab');
    const now = (await focused(page))?.id ?? '';
    if (now === id) return page.keyboard.press(key);
    passed.push(now);
  }
  throw new Error(`Tab never came to ${id}, but to: ${passed.join(', ')}`);
}

/** WCAG 2.2, "contrast ratio", of a colour on a ground, as a browser computes them: the ground shows through what is not opaque. */
function contrast(colour: string, ground: string): number {
  const [below, above] = [partsOf(ground), partsOf(colour)];
  const seen = below.colour.map((part, index) => part + ((above.colour[index] ?? 0) - part) * above.opacity);
  const [high, low] = [luminance(seen), luminance(below.colour)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** Of `rgb(27, 31, 36)` or `rgba(5, 0, 73, 0.8)`. */
function partsOf(text: string): { readonly colour: readonly number[]; readonly opacity: number } {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (text.match(/[0-9.]+/g) ?? []).map(Number);
  return { colour: [red, green, blue], opacity };
}

function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
