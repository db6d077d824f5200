// Hands on the map: pointer, finger and keys, told to the editor as corners added, held, moved, let go.
import type { MapMouseEvent, MapTouchEvent, Point } from 'maplibre-gl';
import type { Scene } from '../scene';
import { corners, middles, type Address } from './draft';
import { same, type Shown } from './drawing';
import type { Editor } from './editor';
import type { Snap } from './snap';

/** How near is on it, in pixels. */
const NEAR = { mouse: 11, touch: 24, cross: 16 };

export interface Told {
  /** A corner was added. */
  added: () => void;
  /** Where the next corner would come. */
  pointed: (shown: Pick<Shown, 'pointer' | 'snapped'>) => void;
  refresh: () => void;
}

export class Hands {
  readonly #scene: Scene;
  readonly #host: HTMLElement;
  readonly #editor: Editor;
  readonly #snap: Snap;
  readonly #told: Told;
  /** Clicks wait for one another, so that corners come in their order. */
  #queue: Promise<void> = Promise.resolve();
  #byKeys = false;

  constructor(scene: Scene, host: HTMLElement, editor: Editor, snap: Snap, told: Told) {
    this.#scene = scene;
    this.#host = host;
    this.#editor = editor;
    this.#snap = snap;
    this.#told = told;
    const { map } = scene;
    map.doubleClickZoom.disable();
    map.on('click', ({ point }) => this.#click(point, NEAR.mouse));
    map.on('dblclick', () => this.#editor.finish());
    map.on('mousedown', (event) => this.#hold(event, NEAR.mouse, 'mousemove', ['mouseup']));
    map.on('touchstart', (event) => event.points.length === 1 && this.#hold(event, NEAR.touch, 'touchmove', ['touchend', 'touchcancel']));
    map.on('mousemove', ({ point }) => this.#hover(point));
    map.on('move', () => this.#carried());
    map.getCanvas().addEventListener('keydown', (event) => this.#key(event));
  }

  #hit(point: Point, reach: number): { corner: Address | null; middle: { address: Address; position: number[] } | null } {
    const near = ({ position }: { position: number[] }): boolean =>
      this.#scene.map.project([position[0] ?? 0, position[1] ?? 0]).dist(point) <= reach;
    const corner = corners(this.#editor.draft).find(near)?.address ?? null;
    const middle = corner || this.#editor.drawing ? null : (middles(this.#editor.draft).find(near) ?? null);
    return { corner, middle };
  }

  #click(point: Point, reach: number): void {
    const { corner, middle } = this.#hit(point, reach);
    const editor = this.#editor;
    if (editor.drawing) {
      // A click on the beginning or on the end ends it.
      if (corner && editor.canFinish && this.#ends(corner)) return editor.finish();
      if (corner && editor.draft.kind !== 'point') return;
      this.#queue = this.#queue.then(() => this.#add(point));
    } else if (middle) {
      editor.insert(middle.address, middle.position);
      this.#told.added();
    } else {
      editor.selected = corner;
      this.#told.refresh();
    }
  }

  #ends(address: Address): boolean {
    const all = corners(this.#editor.draft);
    const first = this.#editor.draft.kind === 'polygon' ? all[0]?.address : undefined;
    return [first, all.at(-1)?.address].some((each) => each && same(each, address));
  }

  async #add(point: Point): Promise<void> {
    const { position } = await this.#snap.exact(point);
    this.#editor.add(position);
    this.#told.added();
  }

  #hold(event: MapMouseEvent | MapTouchEvent, reach: number, move: 'mousemove' | 'touchmove', ends: ('mouseup' | 'touchend' | 'touchcancel')[]): void {
    const { corner, middle } = this.#hit(event.point, reach);
    const editor = this.#editor;
    if (!corner && !middle) return;
    if (editor.drawing && editor.draft.kind !== 'point') return;
    event.preventDefault();
    const start = event.point;
    let began = false;
    const moving = ({ point }: { point: Point }): void => {
      if (!began && point.dist(start) < 3) return;
      if (!began) {
        began = true;
        if (corner) editor.grab(corner);
        else if (middle) editor.grabNew(middle.address, middle.position);
        this.#host.dataset['grab'] = '';
      }
      const { position, on } = this.#snap.now(point);
      editor.drag(position);
      this.#told.pointed({ pointer: position, snapped: on });
    };
    const { map } = this.#scene;
    const up = (): void => {
      map.off(move, moving);
      for (const end of ends) removeEventListener(end, up);
      delete this.#host.dataset['grab'];
      if (began) editor.drop();
      this.#told.pointed({ pointer: null, snapped: false });
    };
    map.on(move, moving);
    // Let go outside of the map it is let go too.
    for (const end of ends) addEventListener(end, up);
  }

  #hover(point: Point): void {
    if (this.#editor.held) return;
    const { corner, middle } = this.#hit(point, NEAR.mouse);
    this.#host.toggleAttribute('data-over', Boolean(corner ?? middle));
    if (!this.#editor.drawing) return;
    const { position, on } = this.#snap.now(point);
    this.#told.pointed({ pointer: position, snapped: on });
  }

  /** A corner held by the keyboard stays under the cross while the map moves. */
  #carried(): void {
    if (!this.#byKeys) return;
    const { map } = this.#scene;
    const { position, on } = this.#snap.now(map.project(map.getCenter()));
    this.#editor.drag(position);
    this.#told.pointed({ pointer: position, snapped: on });
  }

  #key(event: KeyboardEvent): void {
    const { map } = this.#scene;
    const editor = this.#editor;
    const cross = map.project(map.getCenter());
    if (event.key === 'Enter') this.#enter(cross);
    else if (event.key === 'Escape' && this.#byKeys) this.#letGo();
    else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)) {
      if (event.shiftKey) editor.redo();
      else editor.undo();
    }
    else if (event.key === 'Backspace' && editor.drawing) editor.undo();
    else if ((event.key === 'Delete' || event.key === 'Backspace') && !editor.drawing) {
      editor.remove(this.#hit(cross, NEAR.cross).corner ?? editor.selected);
    } else return;
    event.preventDefault();
  }

  /** Adds a corner; or takes one up, and puts it down where the map was moved to. */
  #enter(cross: Point): void {
    if (this.#byKeys) return this.#letGo();
    const editor = this.#editor;
    if (editor.drawing) return this.#click(cross, NEAR.cross);
    const { corner, middle } = this.#hit(cross, NEAR.cross);
    if (!corner && !middle) return;
    if (corner) editor.grab(corner);
    else if (middle) editor.grabNew(middle.address, middle.position);
    this.#byKeys = true;
    this.#told.refresh();
  }

  #letGo(): void {
    this.#byKeys = false;
    this.#editor.drop();
    this.#told.pointed({ pointer: null, snapped: false });
  }
}
