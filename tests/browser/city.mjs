// A demo city of its own for a walk that needs many dossiers: simulated ones, so that nobody else's walk meets them.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './browser.mjs';

/** The program under test; without it no city can be started. */
const PROGRAM = process.env.SONGHAN_BIN;
export const skip = PROGRAM ? false : 'SONGHAN_BIN names no program to start a city with';

/** Long enough for a city, its dossiers and a walk on a busy machine. */
export const LONG = { timeout: 600_000, skip };

const START_MS_MAX = 120_000;
const STOP_MS_MAX = 40_000;

/** The ward whose people work in the demo city. */
export const WARD = 'ubnd-hai-chau';

/** A ward with much to do, in a city that has other wards: what supervision, leaders and officers look at. */
export const BUSY = [
  ['residents', '--count', '400', '--accounts', '300'],
  ['dossiers', '--count', '80', '--days', '90'],
  ['dossiers', '--count', '2500', '--days', '45', '--unit', WARD],
];

/** Starts a city, fills it by `songhan simulate`, walks through it at its address, and takes it away. `folder` is a city
    folder of its own; without it, it is the built-in one. */
export async function withCity(simulated, walk, folder) {
  const data = await mkdtemp(join(tmpdir(), 'songhan-city-'));
  const port = await freePort();
  const at = `http://127.0.0.1:${port}`;
  const log = await open(join(data, 'server.log'), 'w');
  const own = folder ? ['--city', folder] : [];
  const server = spawn(PROGRAM, ['serve', '--demo', '--demo-dossiers', '0', '--listen', `127.0.0.1:${port}`, '--data', data, ...own], {
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await healthy(at, server).catch(async (error) => {
      throw new Error(`${error.message}\n${await readFile(join(data, 'server.log'), 'utf8')}`);
    });
    for (const what of simulated) await promisify(execFile)(PROGRAM, ['simulate', ...what, '--data', data, ...own]);
    return await walk(at);
  } finally {
    server.kill('SIGTERM');
    const late = setTimeout(kill, STOP_MS_MAX);
    await ended;
    clearTimeout(late);
    process.off('exit', kill);
    await log.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function healthy(at, server) {
  for (const until = Date.now() + START_MS_MAX; Date.now() < until; ) {
    assert.equal(server.exitCode, null, 'the city ended at its start');
    const answer = await fetch(`${at}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`no city at ${at} after ${START_MS_MAX / 1000} seconds`);
}
