import type { Figure } from '../domain/figure.js';
import type { OtherSystemFigure } from '../domain/other-systems.js';
import type { FigureView, OtherSystemFigureView } from './figures.dto.js';

export const figureView = (figure: Figure): FigureView => ({ ...figure, parts: { ...figure.parts } });

export const otherSystemView = (figure: OtherSystemFigure): OtherSystemFigureView => ({
  ...figure,
  parts: { ...figure.parts },
});
