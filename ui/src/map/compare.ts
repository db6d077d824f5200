// Two days on one place: the earlier map lies over the later one up to a line that is dragged, or moved by arrow keys.
import type { Map as GlMap } from 'maplibre-gl';
import { controls } from './controls';
import { dateWords, icon, make } from './dom';
import { Scene, type SceneParts } from './scene';
import { tellIdle } from './start';

const STEP = 2;
const LEAP = 10;

export async function compare(parts: SceneParts): Promise<Scene[]> {
  const { host, config } = parts;
  const { texts, lang } = config;
  const after = await Scene.make({ ...parts, at: config.and, furnished: true });
  const before = await Scene.make({ ...parts, at: config.at, options: { hash: true } });
  const scenes = [before, after];
  tellIdle(host, scenes.map(({ map }) => map));
  together(before.map, after.map);
  const words = (date: string | null): string => (date ? dateWords(date, lang) : texts.at_now);
  const names = [words(config.at), words(config.and)] as const;
  scenes.forEach(({ map }, index) => map.getCanvas().setAttribute('aria-label', `${texts.map ?? ''} ${names[index]}`.trim()));
  // One keyboard for both.
  after.map.getCanvas().tabIndex = -1;
  host.append(
    make('p', { class: 'map-date map-date-before' }, names[0]),
    make('p', { class: 'map-date map-date-after' }, names[1]),
    divider(host, before.view, texts.divider ?? names.join(' – ')),
    controls(before.map, texts),
  );
  return scenes;
}

/** What one does the other does, without an echo. */
function together(one: GlMap, other: GlMap): void {
  let following = false;
  const follow = (leader: GlMap, follower: GlMap): void => {
    leader.on('move', () => {
      if (following) return;
      following = true;
      follower.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom(), bearing: leader.getBearing() });
      following = false;
    });
  };
  other.jumpTo({ center: one.getCenter(), zoom: one.getZoom(), bearing: one.getBearing() });
  follow(one, other);
  follow(other, one);
}

function divider(host: HTMLElement, upper: HTMLElement, label: string): HTMLElement {
  const line = make('div', { class: 'map-divider', tabindex: '0', 'aria-label': label }, icon('divider'));
  line.setAttribute('role', 'slider');
  line.setAttribute('aria-orientation', 'horizontal');
  line.setAttribute('aria-valuemin', '0');
  line.setAttribute('aria-valuemax', '100');
  let percent = 50;
  const put = (wanted: number): void => {
    percent = Math.min(100, Math.max(0, wanted));
    line.setAttribute('aria-valuenow', String(Math.round(percent)));
    line.setAttribute('aria-valuetext', `${Math.round(percent)} %`);
    line.style.insetInlineStart = `${percent}%`;
    upper.style.clipPath = `inset(0 ${100 - percent}% 0 0)`;
  };
  put(percent);
  const keys: Record<string, number> = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP, Home: -100, End: 100 };
  line.addEventListener('keydown', (event) => {
    const step = keys[event.key];
    if (step === undefined) return;
    event.preventDefault();
    put(percent + step);
  });
  line.addEventListener('pointerdown', (event) => {
    line.setPointerCapture(event.pointerId);
    line.focus();
    event.preventDefault();
  });
  line.addEventListener('pointermove', (event) => {
    if (!line.hasPointerCapture(event.pointerId)) return;
    const box = host.getBoundingClientRect();
    put(((event.clientX - box.left) / box.width) * 100);
  });
  return line;
}
