// The source text as lines: shows spans (offsets in characters as Python counts them) and tells where somebody clicked.
export class Source {
  constructor(pane) {
    this.pane = pane;
    this.lines = [...pane.querySelectorAll(".line")];
    this.starts = this.lines.map((line) => Number(line.dataset.at));
    this.can = typeof Highlight === "function" && "highlights" in CSS;
  }

  // Line that holds an offset, by halving.
  lineAt(offset) {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  text(index) {
    return this.lines[index].lastElementChild.firstChild;
  }

  // Characters beyond the first plane count twice in JavaScript and once in Python.
  units(text, characters) {
    if (!/[\ud800-\udbff]/.test(text)) return Math.min(characters, text.length);
    return [...text].slice(0, characters).join("").length;
  }

  characters(text, units) {
    return /[\ud800-\udbff]/.test(text) ? [...text.slice(0, units)].length : units;
  }

  ranges([start, end]) {
    const found = [];
    const last = this.lineAt(Math.max(start, end - 1));
    for (let index = this.lineAt(start); index <= last; index += 1) {
      const node = this.text(index);
      if (!node) continue;
      const from = this.units(node.data, Math.max(0, start - this.starts[index]));
      const to = this.units(node.data, Math.max(0, end - this.starts[index]));
      if (to <= from) continue;
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      found.push(range);
    }
    return found;
  }

  set(name, spans, priority) {
    if (!this.can) return;
    const highlight = new Highlight(...spans.flatMap((span) => this.ranges(span)));
    highlight.priority = priority;
    CSS.highlights.set(name, highlight);
  }

  markAnomalies(spans) {
    this.set("anomaly", spans.filter(([start, end]) => end > start), 2);
  }

  mark(span) {
    this.set("piece", span ? [span] : [], 1);
    this.set("exact", [], 3);
  }

  clear() {
    this.mark(null);
  }

  show(span) {
    if (!span) {
      this.clear();
      return;
    }
    this.mark(span);
    this.scrollTo(span[0]);
  }

  showExact(span) {
    this.set("exact", span ? [span] : [], 3);
    if (span) this.scrollTo(span[0], true);
  }

  // Lines out of sight are only estimated in height, so the place is looked up again once they are laid out.
  scrollTo(offset, onlyIfHidden = false) {
    const line = this.lines[this.lineAt(offset)];
    const box = this.pane.getBoundingClientRect();
    const at = line.getBoundingClientRect();
    if (onlyIfHidden && at.top >= box.top && at.bottom <= box.bottom) return;
    const place = () => (this.pane.scrollTop += line.getBoundingClientRect().top - this.pane.getBoundingClientRect().top - 48);
    place();
    requestAnimationFrame(() => {
      place();
      requestAnimationFrame(place);
    });
  }

  onPick(tell) {
    this.pane.addEventListener("click", (event) => {
      if (!getSelection().isCollapsed) return;
      const line = event.target.closest(".line");
      if (!line) return;
      const node = line.lastElementChild.firstChild;
      const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
      const range = caret ? { node: caret.offsetNode, offset: caret.offset } : this.oldCaret(event);
      const inside = range && range.node === node ? this.characters(node.data, range.offset) : 0;
      tell(Number(line.dataset.at) + inside);
    });
  }

  oldCaret(event) {
    const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    return range && { node: range.startContainer, offset: range.startOffset };
  }
}
