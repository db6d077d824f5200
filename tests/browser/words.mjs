// The words that the pages use, by their key and language, from where they stand: the texts of the crates and the
// workflow of the city. A walk so reads the same page in either language.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** One line a text is all the walks need. */
function texts(language) {
  const found = new Map();
  for (const crate of readdirSync(new URL('crates/', root))) {
    let files = [];
    try {
      files = readdirSync(new URL(`crates/${crate}/locales/`, root));
    } catch {
      continue;
    }
    for (const file of files.filter((name) => name === `${language}.ftl` || name.endsWith(`.${language}.ftl`))) {
      for (const [, key, text] of read(`crates/${crate}/locales/${file}`).matchAll(/^([a-z0-9-]+) = (.+)$/gm)) {
        found.set(key, text.trim());
      }
    }
  }
  return found;
}

const all = { vi: texts('vi'), en: texts('en') };

/** The text of a key, `{ $name }` filled in. */
export function word(language, key, given = {}) {
  const text = all[language].get(key);
  assert.ok(text, `no text ${key} in ${language}`);
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => given[name]);
}

const workflow = read('city/danang/workflows/one-stop.toml');

/** The name of a state of the one-stop workflow. */
export function state(language, id) {
  const part = workflow.split(/^\[\[state\]\]$/m).find((text) => text.includes(`\nid = "${id}"\n`)) ?? '';
  const name = new RegExp(`${language} = "([^"]*)"`).exec(part)?.[1];
  assert.ok(name, `no state ${id} in ${language}`);
  return name;
}

/** An amount as the pages write it. */
export const money = (language, amount) =>
  `${String(amount).replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',')} đ`;
