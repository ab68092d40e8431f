// Draws each table of the overview as a chart beside it. The table is the only source; flipping shows one or the other.
const COLOURS = {
  completed: "#1b7a43",
  phased: "#d9822b",
  long_term: "#2a8c96",
  ongoing: "#3d73bd",
  not_completed: "#7b8698",
  unknown: "#c3cad4",
  overdue: "#a42a2a",
  in_review: "#5a8fc9",
  returned: "#6d4aa3",
  reopened: "#9277bd",
  extended: "#b88a2e",
};
const PATTERNS = {
  completed: undefined,
  phased: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: "rgba(255,255,255,.42)" },
  long_term: { symbol: "circle", symbolSize: 0.7, dashArrayX: [[9, 9], [0, 9, 9, 0]], dashArrayY: [9, 0], color: "rgba(255,255,255,.5)" },
  ongoing: { symbol: "circle", symbolSize: 0.5, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], color: "rgba(255,255,255,.5)" },
  not_completed: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 4], color: "rgba(255,255,255,.45)" },
  unknown: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: -Math.PI / 4, color: "rgba(0,0,0,.16)" },
  overdue: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.3)" },
  in_review: { symbol: "rect", dashArrayX: [2, 4], dashArrayY: [1, 0], color: "rgba(255,255,255,.45)" },
  returned: { symbol: "triangle", symbolSize: 0.6, dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [8, 0], color: "rgba(255,255,255,.4)" },
  reopened: { symbol: "circle", symbolSize: 0.8, dashArrayX: [7, 5], dashArrayY: [7, 5], color: "rgba(255,255,255,.4)" },
  extended: { symbol: "rect", dashArrayX: [1, 5], dashArrayY: [1, 0], color: "rgba(255,255,255,.4)" },
};
const FACE = getComputedStyle(document.documentElement).fontFamily;
const INK = "#475264";

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const columns = heads
    .map((cell, index) => ({ index, status: cell.dataset.status, name: cell.textContent.trim() }))
    .filter((column) => column.status);
  const rows = [...table.tBodies[0].rows].map((row) => ({
    name: row.cells[0].textContent.trim(),
    href: row.cells[0].querySelector("a")?.href,
    links: columns.map((column) => row.cells[column.index].querySelector("a")?.href),
    values: columns.map((column) => (row.cells[column.index].dataset.value === "" ? null : Number(row.cells[column.index].dataset.value))),
  }));
  return { columns, rows };
}

const LINES = 3;

// Breaks a name into lines of so many characters; what does not fit into three is cut.
function wrap(words, most) {
  const cut = words.length > most * LINES ? `${words.slice(0, most * LINES - 1)}…` : words;
  const even = Math.ceil(cut.length / Math.ceil(cut.length / most)) || 1;
  return cut.match(new RegExp(`.{1,${even}}`, "gu"))?.join("\n") ?? "";
}

function stack({ columns, rows }, width) {
  const most = width < 500 ? 8 : 13;
  const names = rows.map((row) => wrap(row.name, most));
  const lines = Math.max(1, ...names.map((name) => name.split("\n").length));
  const whole = Math.max(1, ...rows.map((row) => row.values.reduce((sum, value) => sum + value, 0)));
  const perItem = (width - most * 13 - 40) / whole;
  // A figure that its piece of the bar cannot hold would run into its neighbour; the table has them all.
  const fits = (value) => value * perItem > String(value).length * 8 + 4;
  return {
    height: Math.max(120, rows.length * Math.max(34, lines * 16 + 10) + 46),
    option: {
      grid: { left: 4, right: 20, top: 32, bottom: 0, containLabel: true },
      xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eceff3" } }, axisLabel: { color: INK } },
      yAxis: {
        type: "category",
        inverse: true,
        data: names,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: "#c9cfd8" } },
        axisLabel: { color: "#1b2230", fontSize: 13, lineHeight: 16, interval: 0 },
      },
      series: columns.map((column, at) => ({
        ...series(column, rows.map((row) => row.values[at] || null)),
        barMaxWidth: 20,
        label: { show: true, formatter: ({ value }) => (value && fits(value) ? String(value) : ""), color: column.status === "unknown" ? "#1b2230" : "#fff", fontSize: 12, textBorderWidth: 2, textBorderColor: column.status === "unknown" ? "#c3cad4" : COLOURS[column.status] },
      })),
    },
  };
}

function months({ columns, rows }) {
  return {
    height: 260,
    option: {
      grid: { left: 4, right: 8, top: 32, bottom: 0, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.name), axisTick: { show: false }, axisLabel: { color: INK }, axisLine: { lineStyle: { color: "#c9cfd8" } } },
      yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eceff3" } }, axisLabel: { color: INK } },
      series: columns.map((column, at) => ({ ...series(column, rows.map((row) => row.values[at] || null)), barMaxWidth: 30 })),
    },
  };
}

// Lines over days: what is, drawn full and dotted with points; what would be at an even pace, dashed.
function lines({ columns, rows }) {
  return {
    height: 360,
    option: {
      grid: { left: 4, right: 16, top: 36, bottom: 0, containLabel: true },
      xAxis: { type: "time", axisTick: { show: false }, axisLabel: { color: INK, hideOverlap: true, formatter: { year: "{yyyy}-{MM}", month: "{yyyy}-{MM}", day: "{MM}-{dd}" } }, axisLine: { lineStyle: { color: "#c9cfd8" } } },
      yAxis: { type: "value", minInterval: 1, min: 0, splitLine: { lineStyle: { color: "#eceff3" } }, axisLabel: { color: INK } },
      series: columns.map((column, at) => {
        const plan = column.status === "ideal";
        return {
          type: "line",
          name: column.name,
          data: rows.map((row) => [row.name, row.values[at]]),
          step: plan ? false : "end",
          symbol: plan ? "none" : "circle",
          symbolSize: 5,
          showAllSymbol: false,
          lineStyle: { width: plan ? 2 : 3, type: plan ? "dashed" : "solid", color: plan ? "#7b8698" : COLOURS.ongoing },
          itemStyle: { color: plan ? "#7b8698" : COLOURS.ongoing },
          areaStyle: plan ? undefined : { color: COLOURS.ongoing, opacity: 0.08 },
        };
      }),
    },
  };
}

// A figure by period: a gap where it is undefined, its target dashed.
function trend({ columns, rows }) {
  return {
    height: 280,
    option: {
      grid: { left: 4, right: 16, top: 36, bottom: 0, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.name), axisTick: { show: false }, axisLabel: { color: INK, hideOverlap: true }, axisLine: { lineStyle: { color: "#c9cfd8" } } },
      yAxis: { type: "value", scale: false, splitLine: { lineStyle: { color: "#eceff3" } }, axisLabel: { color: INK } },
      series: columns.map((column, at) => {
        const goal = column.status === "ideal";
        return {
          type: "line",
          name: column.name,
          data: rows.map((row) => row.values[at]),
          symbol: goal ? "none" : "circle",
          symbolSize: 7,
          lineStyle: { width: goal ? 2 : 3, type: goal ? "dashed" : "solid", color: goal ? "#7b8698" : COLOURS.ongoing },
          itemStyle: { color: goal ? "#7b8698" : COLOURS.ongoing },
        };
      }),
    },
  };
}

const SHAPES = { trend, stack: (data, width) => stack(data, width), months, lines };

function series(column, data) {
  return {
    type: "bar",
    stack: "all",
    name: column.name,
    data,
    itemStyle: { color: COLOURS[column.status], decal: PATTERNS[column.status], borderColor: "#fff", borderWidth: 0.5 },
    emphasis: { focus: "series" },
  };
}

// How many rows the legend takes: it is set above the picture and would else run into its first bar.
function legendRows(columns, width) {
  let rows = 1;
  let used = 0;
  for (const { name } of columns) {
    const item = 14 + 5 + name.length * 12 + 16;
    if (used && used + item > width) {
      rows += 1;
      used = 0;
    }
    used += item;
  }
  return rows;
}

function draw(panel) {
  const table = panel.querySelector("table[data-chart]");
  const picture = panel.querySelector(".picture");
  if (!table || !picture) return;
  const data = read(table);
  const { height, option } = SHAPES[table.dataset.chart](data, panel.clientWidth);
  picture.hidden = false;
  panel.querySelector(".figures").hidden = true;
  const more = (legendRows(data.columns, picture.clientWidth) - 1) * 26;
  option.grid.top += more;
  picture.style.height = `${height + more}px`;
  const chart = window.echarts.init(picture, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FACE },
    aria: { enabled: true, decal: { show: true } },
    legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 10, itemGap: 16, textStyle: { color: INK, fontSize: 12 }, selectedMode: false },
    tooltip: { trigger: "axis", axisPointer: { type: table.dataset.chart === "lines" ? "line" : "shadow" }, renderMode: "richText", confine: true },
    ...option,
  });
  chart.on("click", (event) => {
    const row = data.rows[event.dataIndex];
    const target = row?.links[event.seriesIndex] ?? row?.href;
    if (target) location.assign(target);
  });
  new ResizeObserver(() => chart.resize()).observe(picture);
  const flip = document.querySelector(`[data-flip="${panel.id}"]`);
  flip.hidden = false;
  flip.addEventListener("click", () => {
    const showTable = !picture.hidden;
    picture.hidden = showTable;
    panel.querySelector(".figures").hidden = !showTable;
    flip.setAttribute("aria-pressed", String(showTable));
    flip.textContent = showTable ? flip.dataset.picture : flip.dataset.table;
    if (!showTable) chart.resize();
  });
}

if (window.echarts) document.querySelectorAll("[data-panel]").forEach(draw);
