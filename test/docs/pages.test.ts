import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFiles, ROOT, readText } from '../support/layout.js';

const github = existsSync(`${ROOT}.github`)
  ? readdirSync(`${ROOT}.github`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `.github/${file}`)
  : [];
const top = ['README.md', 'CHANGELOG.md'].filter((file) => existsSync(`${ROOT}${file}`));
const pages = [...top, ...listFiles('docs', '.md', '.txt'), ...github];

/** The page without its fenced code, in which brackets are code. */
function prose(text: string): string {
  return text.replace(/^(\s*)(`{3,})[\s\S]*?^\s*\2\s*$/gm, '').replace(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length));
}

/** The anchors of a page as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replace(/^(\s*)(`{3,})[\s\S]*?^\s*\2\s*$/gm, '').matchAll(/^#{1,6}\s+(.*)$/gm)) {
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

describe('links between pages lead somewhere', () => {
  test.each(pages)('%s', (page) => {
    const broken: string[] = [];
    for (const [, target = ''] of prose(readText(page)).matchAll(/\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)/g)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      // The API reference is generated and not in the repository.
      if (file.startsWith('docs/api/')) continue;
      if (file.startsWith('..') || !existsSync(`${ROOT}${file}`)) broken.push(target);
      else if (anchor !== undefined && statSync(`${ROOT}${file}`).isFile() && !anchorsOf(readText(file)).has(anchor)) broken.push(target);
    }
    expect(broken).toEqual([]);
  });
});

test('code that looks like TypeScript is fenced as ts, so that it is run', () => {
  const fences = pages
    .filter((page) => page === 'README.md' || page.startsWith('docs/'))
    .flatMap((page) =>
      readText(page)
        .split('\n')
        .map((line, index) => ({ line, where: `${page}:${index + 1}` })),
    );
  expect(fences.filter(({ line }) => /^\s*`{3,}(typescript|javascript|tsx|jsx|js|mts|cts)\b/i.test(line)).map(({ where }) => where)).toEqual([]);
});
