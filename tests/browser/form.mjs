// Fills in a form as a person would, by what kind of box each question has: the tests know no form by heart, so that a
// city can change its questions without changing them.
import assert from 'node:assert/strict';
import { follow } from './browser.mjs';

/** The page's own form: the one inside `main` that is sent to the server. */
export const mainForm = (page) => page.locator('main form[method=post]').first();

/** Answers every empty question of the form. What the account already filled in stays; `known` answers by field name. */
export async function fill(form, known = {}) {
  for (const field of await form.locator('input:not([type=hidden]), textarea, select').all()) {
    const [type, name, value] = await field.evaluate((box) => [box.type, box.name, box.value]);
    if (type === 'radio' || type === 'checkbox') await choose(form, field, type, name, known[name]);
    else if (type === 'file') await attach(form, field, known[name]);
    else if (type === 'select-one' && (!value || name in known)) await select(field, known[name]);
    else if (name in known && type !== 'select-one') await field.fill(known[name]);
    else if (!value) await field.fill(await answer(field, type, name));
  }
}

/** A radio group gets its first choice, a list of boxes its first box, once. */
async function choose(form, field, type, name, wanted) {
  const group = form.locator(`input[type=${type}][name="${name}"]`);
  if (await group.evaluateAll((boxes) => boxes.some((box) => box.checked))) return;
  const box = wanted === undefined ? field : form.locator(`input[name="${name}"][value="${wanted}"]`);
  // The box is drawn by its label.
  await box.check({ force: true });
}

async function select(field, wanted) {
  const values = await field.locator('option').evaluateAll((options) => options.map((option) => option.value));
  await field.selectOption(wanted ?? values.find((value) => value !== ''));
}

async function attach(form, field, file = paper('giấy tờ.pdf')) {
  if ((await form.locator('ul.files .file').count()) === 0) await field.setInputFiles(file);
}

async function answer(field, type, name) {
  const mode = await field.evaluate((box) => `${box.inputMode} ${box.autocomplete}`);
  const part = /-(day|month|year)$/.exec(name)?.[1];
  if (part) return { day: '14', month: '2', year: '1990' }[part];
  if (type === 'email' || mode.includes('email')) return 'nguoi.thu@cudan.example';
  if (type === 'tel' || mode.includes('tel')) return '0900000198';
  if (type === 'number' || mode.includes('numeric')) return '2';
  return 'Phường Phước Ninh, quận Hải Châu';
}

/** Presses the form's main button; what is wrong with the answers is told. */
export async function send(page, form = mainForm(page)) {
  await follow(page, form.locator('.actions button:not(.button-quiet)').first());
  const errors = await page.locator('.field-error').allTextContents();
  assert.deepEqual(errors.map((text) => text.trim()), [], `${page.url()} was not accepted`);
}

/** A file to hand in: the smallest PDF there is, one empty page. */
export function paper(name) {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text) };
}
