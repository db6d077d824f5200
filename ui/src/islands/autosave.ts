// <autosave-hint data-kept>: keeps the draft of the form around it while a person types. The form's `data-draft` names
// where to send it; the server keeps the draft at each step anyway, so failing here loses nothing.
const PAUSE_MS = 1500;

class AutosaveHint extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const form = this.closest('form');
    const target = form?.dataset['draft'];
    if (!form || !target) return;
    this.setAttribute('role', 'status');
    form.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.textContent = '';
      this.#timer = window.setTimeout(() => void this.#keep(form, target), PAUSE_MS);
    });
  }

  async #keep(form: HTMLFormElement, target: string): Promise<void> {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value);
    try {
      const answer = await fetch(target, { method: 'POST', body: data });
      if (answer.ok) this.textContent = this.dataset['kept'] ?? '';
    } catch {
      // Offline: the next step keeps it.
    }
  }
}
customElements.define('autosave-hint', AutosaveHint);
