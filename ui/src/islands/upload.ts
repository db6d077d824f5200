// <upload-field data-max-mb data-too-large data-sending data-choose data-chosen>: shows what was chosen, takes files that are dropped
// on it, says at once when one is too large, and shows the progress while the form is sent.
class UploadField extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    const drop = this.querySelector<HTMLElement>('.upload__drop');
    if (!input || !drop) return;
    const choose = document.createElement('span');
    choose.className = 'button button-secondary';
    choose.setAttribute('aria-hidden', 'true');
    choose.textContent = this.dataset['choose'] ?? '';
    input.after(choose);
    this.classList.add('upload-ready');
    const chosen = document.createElement('div');
    chosen.setAttribute('role', 'status');
    chosen.className = 'files';
    drop.append(chosen);
    input.addEventListener('change', () => this.#show(input, chosen));
    for (const name of ['dragenter', 'dragover']) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        this.classList.add('upload-over');
      });
    }
    for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => this.classList.remove('upload-over'));
    drop.addEventListener('drop', (event) => {
      event.preventDefault();
      if (!event.dataTransfer?.files.length) return;
      input.files = event.dataTransfer.files;
      this.#show(input, chosen);
    });
    input.form?.addEventListener('submit', () => {
      if (input.files?.length) this.#sending(drop);
    });
  }

  #show(input: HTMLInputElement, chosen: HTMLElement): void {
    const limit = Number(this.dataset['maxMb'] ?? 10) * 1024 * 1024;
    const files = [...(input.files ?? [])];
    const tooLarge = files.some((file) => file.size > limit);
    input.setCustomValidity(tooLarge ? (this.dataset['tooLarge'] ?? '') : '');
    chosen.replaceChildren(...files.map((file) => this.#row(file, file.size > limit)));
  }

  #row(file: File, tooLarge: boolean): HTMLElement {
    const row = document.createElement('div');
    row.className = 'file';
    if (file.type.startsWith('image/')) void preview(file).then((canvas) => canvas && row.prepend(canvas));
    const name = document.createElement('span');
    name.className = 'file__name';
    const title = document.createElement('span');
    title.textContent = file.name;
    const note = document.createElement('span');
    note.className = tooLarge ? 'field-error' : 'small muted';
    note.textContent = tooLarge ? (this.dataset['tooLarge'] ?? '') : `${this.dataset['chosen'] ?? ''} · ${size(file.size)}`;
    name.append(title, note);
    row.append(name);
    return row;
  }

  // The browser tells no percentage of an ordinary form; a moving bar says that work is under way.
  #sending(drop: HTMLElement): void {
    const bar = document.createElement('progress');
    bar.className = 'upload__progress';
    bar.setAttribute('aria-label', this.dataset['sending'] ?? '');
    drop.append(bar);
  }
}

function size(bytes: number): string {
  const [amount, unit] = bytes < 1048576 ? [Math.ceil(bytes / 1024), 'KB'] : [bytes / 1048576, 'MB'];
  return `${amount.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}

// Drawn on a canvas: a blob address would need a hole in the content security policy.
async function preview(file: File): Promise<HTMLCanvasElement | undefined> {
  try {
    const image = await createImageBitmap(file, { resizeWidth: 112, resizeQuality: 'medium' });
    const canvas = document.createElement('canvas');
    canvas.className = 'file__thumb';
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas;
  } catch {
    return undefined;
  }
}
customElements.define('upload-field', UploadField);
