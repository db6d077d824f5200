// The design system on one page: every component passes axe and fits, in Vietnamese with scripts and in English without.
import { test } from 'node:test';
import { look, person, withBrowser } from './browser.mjs';

for (const [language, scripts] of [['vi', true], ['en', false]]) {
  test(`the design page in ${language}, scripts: ${scripts}`, () =>
    withBrowser(async (browser) => {
      const visitor = await person(browser, { language, scripts });
      await visitor.page.goto('/design');
      await look(visitor, 'design');
      await visitor.leave();
    }));
}
