// The people of the demo city and how they sign in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mainForm } from './form.mjs';

const file = readFileSync(new URL('../../city/danang/demo/people.toml', import.meta.url), 'utf8');
const value = (text, key) => new RegExp(`^${key}\\s*=\\s*"(.*)"`, 'm').exec(text)?.[1];
const password = value(file, 'password');

/** Made-up people, in the order of the file: { name, role, unit, citizenId, email }. */
export const people = file.split(/^\[\[person\]\]$/m).slice(1).map((text) => ({
  name: value(text, 'name'),
  role: value(text, 'role'),
  unit: value(text, 'unit'),
  citizenId: value(text, 'citizen_id'),
  email: value(text, 'email'),
  password,
}));

/** The first person of a role, at a unit if one is named. */
export function someone(role, unit) {
  const found = people.find((person) => person.role === role && (unit === undefined || person.unit === unit));
  assert.ok(found, `the demo city has no ${role}${unit ? ` at ${unit}` : ''}`);
  return found;
}

/** Signs in on the page where the visitor was sent, or on the sign-in page. */
export async function signIn(visitor, { email, citizenId, role }) {
  const { page } = visitor;
  if (!new URL(page.url(), 'http://none').pathname.startsWith('/sign-in')) await page.goto('/sign-in');
  const form = mainForm(page);
  await form.locator('input[type=text], input[type=email], input[type=tel]').first().fill(role === 'resident' ? citizenId : email);
  await form.locator('input[type=password]').fill(password);
  await Promise.all([page.waitForEvent('load'), form.locator('button').last().click()]);
  assert.ok(!new URL(page.url()).pathname.startsWith('/sign-in'), `${email} could not sign in`);
}
