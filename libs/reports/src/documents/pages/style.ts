/** One page that stands alone: no font, script or picture from elsewhere; black on white in print. */
export const STYLE = `
:root { color-scheme: light; --ink: #1d2733; --soft: #56677a; --line: #d5dce4; --fill: #f4f6f8; }
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: var(--ink); background: #fff;
  max-width: 860px; margin: 0 auto; padding: 28px 32px 40px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 34px 0 8px; padding-bottom: 4px; border-bottom: 2px solid var(--ink); break-after: avoid; }
p { margin: 6px 0; } .soft { color: var(--soft); } .lead { font-size: 15px; }
.headline { display: flex; flex-wrap: wrap; gap: 10px; margin: 14px 0 4px; padding: 0; list-style: none; }
.headline li { flex: 1 1 120px; border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; }
.headline b { display: block; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.headline span { color: var(--soft); font-size: 12px; }
.figure { margin: 10px 0 4px; break-inside: avoid; }
.figure svg { max-width: 100%; height: auto; overflow: visible; }
.legend { list-style: none; margin: 4px 0 0 48px; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 18px; }
.legend li { display: flex; align-items: center; gap: 6px; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
th, td { padding: 4px 6px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; white-space: nowrap; }
tr { break-inside: avoid; } thead { display: table-header-group; }
td.word, th.word { text-align: left; white-space: normal; }
th:first-child, td:first-child { white-space: normal; }
.triangle td.cell { border: 1px solid #fff; }
.triangle td.young { font-style: italic; }
.small { color: var(--soft); font-style: italic; text-align: left !important; }
dl { margin: 8px 0; } dt { font-weight: 600; margin-top: 8px; break-after: avoid; } dd { break-inside: avoid; margin: 0; color: var(--ink); }
footer { margin-top: 28px; color: var(--soft); font-size: 12px; border-top: 1px solid var(--line); padding-top: 8px; }
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h1 { font-size: 20px; } h2 { font-size: 14px; margin-top: 20px; }
  .headline b { font-size: 17px; }
  .triangle td.cell { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}`;
