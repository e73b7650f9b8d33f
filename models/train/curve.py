"""The learning curve: a CSV file with one row per validation, and a picture of it."""

import csv
import os

from PIL import Image, ImageDraw

COLOURS = ["#1b6ac9", "#c9521b", "#2b8a3e", "#7048c9", "#8a6d1b", "#444444"]


def append_row(path, row):
    new = not os.path.exists(path)
    with open(path, "a", newline="", encoding="utf8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)


def keep_before(path, step):
    """Drops rows from `step` on: a resumed training writes them again."""
    if not os.path.exists(path):
        return
    with open(path, newline="", encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    os.remove(path)
    for row in rows:
        if int(row["step"]) < step:
            append_row(path, row)


def draw_curve(csv_path, png_path, columns):
    """Gain of every column over its first value, in dB, against the step."""
    with open(csv_path, newline="", encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    if len(rows) < 2:
        return
    wide, high, left, right, top, bottom = 900, 520, 70, 130, 40, 50
    steps = [int(row["step"]) for row in rows]
    lines = {name: [float(row[name]) - float(rows[0][name]) for row in rows] for name in columns}
    values = [value for line in lines.values() for value in line]
    low, span = min(values), max(max(values) - min(values), 1e-6)
    picture = Image.new("RGB", (wide, high), "white")
    pen = ImageDraw.Draw(picture)

    def place(step, value):
        x = left + (wide - left - right) * (step - steps[0]) / max(steps[-1] - steps[0], 1)
        return x, high - bottom - (high - top - bottom) * (value - low) / span

    for i in range(6):
        value = low + span * i / 5
        _, y = place(steps[0], value)
        pen.line([(left, y), (wide - right, y)], fill="#dddddd")
        pen.text((8, y - 6), f"{value:+.2f}", fill="#444444")
        step = steps[0] + (steps[-1] - steps[0]) * i // 5
        pen.text((place(step, low)[0] - 14, high - bottom + 8), str(step), fill="#444444")
    pen.text((left, 12), "gain over bicubic on held-out photos in dB, against steps", fill="#222222")
    for i, (name, line) in enumerate(lines.items()):
        points = [place(step, value) for step, value in zip(steps, line)]
        pen.line(points, fill=COLOURS[i % len(COLOURS)], width=2)
        pen.text((wide - right + 8, points[-1][1] - 6), f"{name} {line[-1]:+.2f}", fill=COLOURS[i % len(COLOURS)])
    picture.save(png_path)
