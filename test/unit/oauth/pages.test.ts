import { describe, expect, it } from 'vitest';
import { pageHtml, PAGES } from '../../../src/oauth/pages.ts';

describe('a closing page', () => {
  it.each(Object.entries(PAGES))('%s is one heading and one sentence, with nothing from elsewhere', (_name, page) => {
    const html = pageHtml(page);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain(`<h1>${page.title}</h1>\n<p>${page.text}</p>`);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/<script|https?:|src=|href=|url\(/);
  });

  it('escapes what it shows', () => {
    const html = pageHtml({ status: 200, title: '<b>"a" & \'b\'</b>', text: '<script>x</script>' });
    expect(html).toContain('<h1>&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;</h1>');
    expect(html).not.toContain('<script>');
  });
});
