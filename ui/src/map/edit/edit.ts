// Drawing the shape of a feature, or picking a place, into a box of a form. The box stays what is sent, and stays in
// step both ways: what is drawn is written there, what is written there is drawn.
import { boundsOf } from '../bounds';
import type { Config, Geometry, Position } from '../config';
import { places, where } from '../full/search';
import { areaOf, areaWords, lengthOf, lengthWords } from '../geodesy';
import type { Scene, SceneParts } from '../scene';
import type { Say } from '../say';
import { Work } from '../work';
import { corners, type Draft, type Kind } from './draft';
import { Drawing } from './drawing';
import { Editor } from './editor';
import { Hands } from './hands';
import { Snap } from './snap';
import { geometryIn } from './text';

type Box = HTMLTextAreaElement | HTMLInputElement;

export function edit(scene: Scene, { host, config, say }: SceneParts): void {
  const box = config.input ? (document.getElementById(config.input) as Box | null) : null;
  const written = geometryIn(box?.value ?? '') ?? config.feature?.geometry ?? null;
  const kind: Kind = config.mode === 'pick' ? 'point' : config.shape === 'any' ? 'polygon' : config.shape;
  const editor = new Editor(kind, written);
  const drawing = new Drawing(scene);
  const work = new Work(config.texts.map ?? document.title);
  let pointed: { pointer: Position | null; snapped: boolean } = { pointer: null, snapped: false };
  const commands = commandsOf(work, editor, config);
  host.append(work.element);

  const refresh = (): void => {
    drawing.show({ draft: editor.draft, drawing: editor.drawing, selected: editor.selected, ...pointed });
    host.toggleAttribute('data-picking', editor.drawing);
    work.figure.textContent = figure(editor.draft, config);
    commands();
  };
  editor.changed = () => {
    refresh();
    if (!editor.held && box) write(box, editor.geometry);
  };
  new Hands(scene, host, editor, new Snap(scene, config), {
    refresh,
    pointed: (now) => {
      pointed = now;
      say.note('snap', now.snapped ? config.texts.snap_on : undefined);
      refresh();
    },
    added: () => {
      work.status.textContent = `${config.texts.vertex_added} ${corners(editor.draft).length}. ${work.figure.textContent}`;
      if (config.mode === 'pick') void address(editor, config, say);
    },
  });
  box?.addEventListener('input', (event) => {
    if (event instanceof CustomEvent) return;
    const geometry = geometryIn(box.value);
    const isWrong = !geometry && box.value.trim() !== '';
    say.note('wrong', isWrong ? config.texts.geometry_wrong : undefined);
    if (geometry && editor.replace(geometry)) show(scene, geometry);
  });
  work.help(config.mode === 'pick' ? config.texts.pick_help : config.texts.draw_help);
  if (written) show(scene, written, false);
  refresh();
}

function write(box: Box, geometry: Geometry | null): void {
  // Somebody is writing there: their text is theirs.
  if (document.activeElement === box) return;
  box.value = geometry ? JSON.stringify(geometry) : '';
  box.dispatchEvent(new CustomEvent('input', { bubbles: true }));
}

function show({ map }: Scene, geometry: Geometry, animate = true): void {
  const bounds = boundsOf(geometry);
  if (bounds.isEmpty()) return;
  const seen = map.getBounds();
  const isWell = seen.contains(bounds.getSouthWest()) && seen.contains(bounds.getNorthEast());
  if (!isWell || !animate) map.fitBounds(bounds, { padding: 72, maxZoom: 19, animate });
}

/** How long, how large it is by now. */
function figure(draft: Draft, { texts, lang }: Config): string {
  if (draft.kind === 'point') {
    const [at] = corners(draft);
    return at ? `${at.position[1]?.toFixed(6)}, ${at.position[0]?.toFixed(6)}` : '';
  }
  if (corners(draft).length < 2) return '';
  if (draft.kind === 'line') {
    const metres = draft.parts.flat().reduce((sum, line) => sum + lengthOf([...line]), 0);
    return `${texts.measure_length}: ${lengthWords(metres, lang)}`;
  }
  const area = draft.parts.reduce((sum, rings) => {
    const [outer = 0, ...holes] = rings.map((ring) => areaOf([...ring]));
    return sum + outer - holes.reduce((all, hole) => all + hole, 0);
  }, 0);
  return `${texts.measure_area}: ${areaWords(area, lang)}`;
}

/** The buttons; answers how they are set to what can be done. */
function commandsOf(work: Work, editor: Editor, { texts, shape, mode }: Config): () => void {
  const kinds: [Kind, string | undefined][] = [['point', texts.shape_point], ['line', texts.shape_line], ['polygon', texts.shape_polygon]];
  const shapes = (mode === 'edit' && shape === 'any' ? kinds : []).map(
    ([kind, label]) => [kind, work.command(`shape-${kind}`, label, () => editor.begin(kind))] as const,
  );
  const finish = work.command('finish', texts.finish, () => editor.finish(), '');
  const undo = work.command('undo', texts.undo_point, () => editor.undo());
  const redo = work.command('redo', texts.redo_point, () => editor.redo());
  const remove = work.command('remove', texts.remove_point, () => editor.remove());
  const again = work.command('again', texts.draw_again, () => editor.begin(editor.draft.kind), 'button-quiet');
  const cancel = work.command('cancel', texts.cancel, () => editor.cancel(), 'button-quiet');
  return () => {
    for (const [kind, command] of shapes) {
      if (!command) continue;
      command.hidden = editor.draft.parts.length > 0;
      command.setAttribute('aria-pressed', String(editor.draft.kind === kind));
    }
    if (finish) finish.hidden = !editor.canFinish;
    if (undo) undo.disabled = !editor.canUndo;
    if (redo) redo.hidden = !editor.canRedo;
    if (again) again.hidden = editor.draft.kind === 'point' || editor.draft.parts.length === 0;
    if (remove) remove.hidden = editor.selected === null;
    if (cancel) cancel.hidden = !editor.canUndo;
  };
}

/** The address of a place that was picked. */
async function address(editor: Editor, { placesAtUrl, texts }: Config, say: Say): Promise<void> {
  const [at] = corners(editor.draft);
  if (!placesAtUrl || !at) return;
  try {
    const [nearest] = await places(placesAtUrl, { lon: String(at.position[0]), lat: String(at.position[1]) });
    say.note('address', nearest ? [nearest.name, where(nearest)].filter(Boolean).join(', ') : texts.nothing_here);
  } catch {
    say.note('address', undefined);
  }
}
