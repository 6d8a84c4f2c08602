// Notes where every word, box and image stands, then leaves that as text.
(() => {
  const round = (v) => Math.round(v * 100) / 100;
  const hex = (c) => { const m = c.match(/[\d.]+/g); return m && (m[3] === undefined || +m[3] > 0) ? '#' + m.slice(0, 3).map((v) => (+v | 0).toString(16).padStart(2, '0')).join('') : ''; };
  document.currentScript.remove();
  const runs = [], boxes = [];
  const clipOf = (e) => { let c = null; for (; e && e !== document.body && e.nodeType === 1; e = e.parentElement) { const s = getComputedStyle(e); if (s.overflowX !== 'visible' && s.display !== 'inline') { const r = e.getBoundingClientRect(); c = c ? { l: Math.max(c.l, r.left), t: Math.max(c.t, r.top), r: Math.min(c.r, r.right), b: Math.min(c.b, r.bottom) } : { l: r.left, t: r.top, r: r.right, b: r.bottom }; } } return c; };
  const seen = (r, c) => { if (!c) return true; const w = Math.min(r.right, c.r) - Math.max(r.left, c.l), h = Math.min(r.bottom, c.b) - Math.max(r.top, c.t); return w > 0 && h > 0 && w * h >= 0.4 * r.width * r.height; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    const e = n.parentElement, s = getComputedStyle(e);
    if (s.visibility !== 'visible' || parseFloat(s.fontSize) < 1 || /^(STYLE|SCRIPT|TITLE)$/.test(e.tagName)) continue;
    const clip = clipOf(e);
    for (const m of n.data.matchAll(/[^\s\u00a0\u200b\u200c\ufeff\u034f]+/g)) {
      const g = document.createRange(); g.setStart(n, m.index); g.setEnd(n, m.index + m[0].length);
      const rects = [...g.getClientRects()].filter((r) => r.width > 0);
      if (!rects.length || !seen(rects[0], clip)) continue;
      const lines = new Set(rects.map((r) => Math.round(r.top)));
      if (lines.size > 1) continue; // a word over two lines: the others say enough
      const l = Math.min(...rects.map((r) => r.left)), r = Math.max(...rects.map((q) => q.right));
      runs.push({ text: m[0], x: round(l), y: round(rects[0].top), w: round(r - l), h: round(rects[0].height), size: parseFloat(s.fontSize), bold: +s.fontWeight >= 600, color: hex(s.color) });
    }
  }
  for (const e of document.body.querySelectorAll('*')) {
    const s = getComputedStyle(e), c = hex(s.backgroundColor);
    if (!c && e.tagName !== 'IMG') continue;
    for (const r of e.getClientRects()) if (r.width * r.height >= 16) boxes.push({ x: round(r.left), y: round(r.top), w: round(r.width), h: round(r.height), color: c });
  }
  const out = document.createElement('pre');
  const height = Math.max(document.documentElement.scrollHeight, document.compatMode === 'BackCompat' ? document.body.scrollHeight : 0);
  out.id = 'linnet-geometry'; out.textContent = JSON.stringify({ width: innerWidth, height, runs, boxes });
  document.body.append(out);
})();
