package dev.ctxmem.bench.quality;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Logistic regression within questions (McFadden's conditional logit, 1974): weights under which each relevant
/// passage is the likeliest among the irrelevant ones of its own question. Unlike plain regression over all
/// pairs it does not waste weight on telling easy questions from hard ones.
///
/// Newton's method with steps halved until they help; the loss is convex. Columns that are not fitted get the
/// weight 0.
final class ConditionalLogit {
    private static final int STEPS_MAX = 50;
    private static final int HALVINGS_MAX = 30;
    /// Beyond, a choice is certain; keeps products of likelihoods finite.
    private static final double EXPONENT_MAX = 300;

    private static final double STEP_SQUARED_MIN = 1e-12;
    /// Keeps a column that separates perfectly finite.
    private static final double RIDGE = 1e-3;

    private final List<Judged> questions;
    private final int[] columns;

    /// `columns` are those of [Judged] to be fitted.
    ConditionalLogit(List<Judged> questions, int... columns) {
        this.questions = List.copyOf(questions);
        this.columns = columns.clone();
    }

    /// A weight for each column of [Judged].
    double[] fit() {
        double[] weights = new double[columns.length];
        Slope slope = slope(weights);
        for (int step = 0; step < STEPS_MAX; step++) {
            double[] change = solve(slope.curvature, slope.gradient);
            double[] next = plus(weights, change);
            Slope there = slope(next);
            for (int half = 0; half < HALVINGS_MAX && there.likelihood < slope.likelihood; half++) {
                change = Arrays.stream(change).map(value -> value / 2).toArray();
                next = plus(weights, change);
                there = slope(next);
            }
            weights = next;
            slope = there;
            if (Arrays.stream(change).map(value -> value * value).sum() < STEP_SQUARED_MIN) {
                break;
            }
        }
        double[] all = new double[Judged.COLUMNS];
        for (int i = 0; i < columns.length; i++) {
            all[columns[i]] = weights[i];
        }
        return all;
    }

    private Slope slope(double[] weights) {
        var slope = new Slope(weights);
        questions.forEach(question -> add(question, weights, slope));
        return slope;
    }

    private void add(Judged question, double[] weights, Slope slope) {
        double[][] rows = rows(question);
        double[] scores =
                Arrays.stream(rows).mapToDouble(row -> product(row, weights)).toArray();
        double best = IntStream.range(0, rows.length)
                .filter(i -> !question.isRelevant(i))
                .mapToDouble(i -> scores[i])
                .max()
                .orElse(0);
        var irrelevant = new Moments(columns.length);
        for (int i = 0; i < rows.length; i++) {
            if (!question.isRelevant(i)) {
                irrelevant.add(rows[i], Math.exp(scores[i] - best));
            }
        }
        for (int i = 0; i < rows.length; i++) {
            if (question.isRelevant(i)) {
                double lead = Math.min(scores[i] - best, EXPONENT_MAX);
                var choice = new Moments(irrelevant);
                choice.add(rows[i], Math.exp(lead));
                slope.add(rows[i], choice, lead - Math.log(choice.weight));
            }
        }
    }

    private double[][] rows(Judged question) {
        double[][] rows = new double[question.features().length][columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                rows[i][j] = question.features()[i][columns[j]];
            }
        }
        return rows;
    }

    private static double product(double[] row, double[] weights) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += row[i] * weights[i];
        }
        return sum;
    }

    private static double[] plus(double[] weights, double[] change) {
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] + change[i])
                .toArray();
    }

    /// Gaussian elimination; `positiveDefinite` needs no search for pivots.
    private static double[] solve(double[][] positiveDefinite, double[] side) {
        double[][] matrix = Arrays.stream(positiveDefinite).map(double[]::clone).toArray(double[][]::new);
        double[] right = side.clone();
        int n = right.length;
        for (int pivot = 0; pivot < n; pivot++) {
            for (int row = pivot + 1; row < n; row++) {
                double factor = matrix[row][pivot] / matrix[pivot][pivot];
                for (int column = pivot; column < n; column++) {
                    matrix[row][column] -= factor * matrix[pivot][column];
                }
                right[row] -= factor * right[pivot];
            }
        }
        double[] solution = new double[n];
        for (int row = n - 1; row >= 0; row--) {
            double rest = right[row];
            for (int column = row + 1; column < n; column++) {
                rest -= matrix[row][column] * solution[column];
            }
            solution[row] = rest / matrix[row][row];
        }
        return solution;
    }

    /// The log-likelihood at some weights, less the ridge, with its gradient and the negative of its curvature.
    private static final class Slope {
        private double likelihood;
        private final double[] gradient;
        private final double[][] curvature;

        Slope(double[] weights) {
            gradient = new double[weights.length];
            curvature = new double[weights.length][weights.length];
            for (int i = 0; i < weights.length; i++) {
                likelihood -= RIDGE * weights[i] * weights[i] / 2;
                gradient[i] = -RIDGE * weights[i];
                curvature[i][i] = RIDGE;
            }
        }

        void add(double[] chosen, Moments choice, double logLikelihood) {
            likelihood += logLikelihood;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += chosen[i] - choice.mean(i);
                for (int j = 0; j < gradient.length; j++) {
                    curvature[i][j] += choice.covariance(i, j);
                }
            }
        }
    }

    /// Weighted sums of rows and of their products.
    private static final class Moments {
        private double weight;
        private final double[] sum;
        private final double[][] products;

        Moments(int columns) {
            sum = new double[columns];
            products = new double[columns][columns];
        }

        Moments(Moments other) {
            weight = other.weight;
            sum = other.sum.clone();
            products = Arrays.stream(other.products).map(double[]::clone).toArray(double[][]::new);
        }

        void add(double[] row, double likelihood) {
            weight += likelihood;
            for (int i = 0; i < row.length; i++) {
                sum[i] += likelihood * row[i];
                for (int j = 0; j < row.length; j++) {
                    products[i][j] += likelihood * row[i] * row[j];
                }
            }
        }

        double mean(int i) {
            return sum[i] / weight;
        }

        double covariance(int i, int j) {
            return products[i][j] / weight - mean(i) * mean(j);
        }
    }
}
