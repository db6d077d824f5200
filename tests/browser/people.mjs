// The people of the demo city, newcomers, and how they sign in.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { follow } from './browser.mjs';
import { mainForm } from './form.mjs';

const file = readFileSync(new URL('../../city/danang/demo/people.toml', import.meta.url), 'utf8');
const value = (text, key) => new RegExp(`^${key}\\s*=\\s*"(.*)"`, 'm').exec(text)?.[1];
const password = value(file, 'password');

/** Made-up people, in the order of the file: { name, role, unit, citizenId, email }. */
const people = file.split(/^\[\[person\]\]$/m).slice(1).map((text) => ({
  name: value(text, 'name'),
  role: value(text, 'role'),
  unit: value(text, 'unit'),
  area: value(text, 'area'),
  citizenId: value(text, 'citizen_id'),
  email: value(text, 'email'),
}));

/** The first person of a role, at a unit if one is named. */
export function someone(role, unit) {
  const found = people.find((person) => person.role === role && (unit === undefined || person.unit === unit));
  assert.ok(found, `the demo city has no ${role}${unit ? ` at ${unit}` : ''}`);
  return found;
}

/** The person of that name. */
export function named(name) {
  const found = people.find((person) => person.name === name);
  assert.ok(found, `the demo city has no ${name}`);
  return found;
}

/** A woman born in Da Nang in 1990 who has no account yet; another one at every call. */
export function newcomer() {
  const number = String(randomInt(1_000_000)).padStart(6, '0');
  const [citizenId, email, phone] = [`048190${number}`, `hang.${number}@cudan.example`, `0902${number}`];
  return { name: 'Đỗ Thị Thanh Hằng', role: 'resident', citizenId, email, phone };
}

const isAt = (page, path) => new URL(page.url(), 'http://none').pathname === path;

/** Signs in on the page where the visitor was sent, or on the sign-in page. */
export async function signIn({ page }, { email, citizenId, role }) {
  if (!isAt(page, '/sign-in')) await page.goto('/sign-in');
  const form = mainForm(page);
  await form.locator('input[name=login]').fill(role === 'resident' ? citizenId : email);
  await form.locator('input[name=password]').fill(password);
  await follow(page, form.locator('button'));
  assert.ok(!isAt(page, '/sign-in'), `${email} could not sign in`);
}

/** Registers from the sign-in page where the visitor was sent; ends on the page that asked for it. */
export async function register({ page }, { name, citizenId, email, phone }, look) {
  await follow(page, page.locator('main a[href^="/register"]'));
  await look('register');
  const form = mainForm(page);
  // An empty form first: every error is told at once, beside its box.
  await follow(page, form.locator('button').last());
  assert.ok((await page.locator('.field-error').count()) >= 4, 'the empty form tells what is missing');
  await look('register-errors');
  await form.locator('[name=name]').fill(name);
  await form.locator('[name=citizen_id]').fill(citizenId);
  for (const [part, number] of [['day', '12'], ['month', '3'], ['year', '1990']]) {
    await form.locator(`[name=date_of_birth-${part}]`).fill(number);
  }
  await form.locator('[name=phone]').fill(phone);
  await form.locator('[name=email]').fill(email);
  await form.locator('[name=address]').fill('Số 9 đường Bạch Đằng, tổ 3, phường Hải Châu');
  await form.locator('[name=area]').selectOption(someone('resident').area);
  await form.locator('[name=password]').fill('con-sông-hát-mãi-2026');
  await follow(page, form.locator('button').last());
  assert.ok(!isAt(page, '/register'), `${name} could not register: ${await page.locator('.field-error').allTextContents()}`);
}
