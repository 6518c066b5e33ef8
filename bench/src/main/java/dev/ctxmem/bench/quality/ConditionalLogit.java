package dev.ctxmem.bench.quality;

import java.util.Arrays;
import java.util.List;

/// Logistic regression within questions (McFadden's conditional logit, 1974): weights under which each relevant
/// passage is the likeliest among the irrelevant ones of its own question. Unlike plain regression over all
/// pairs it does not waste weight on telling easy questions from hard ones.
///
/// Newton's method; the loss is convex. Columns that are not fitted get the weight 0.
final class ConditionalLogit {
    private static final int STEPS_MAX = 50;
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
        for (int step = 0; step < STEPS_MAX; step++) {
            double[] gradient = new double[columns.length];
            double[][] curvature = new double[columns.length][columns.length];
            for (int i = 0; i < columns.length; i++) {
                gradient[i] -= RIDGE * weights[i];
                curvature[i][i] += RIDGE;
            }
            questions.forEach(question -> add(question, weights, gradient, curvature));
            double[] change = solve(curvature, gradient);
            double squared = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] += change[i];
                squared += change[i] * change[i];
            }
            if (squared < STEP_SQUARED_MIN) {
                break;
            }
        }
        double[] all = new double[Judged.COLUMNS];
        for (int i = 0; i < columns.length; i++) {
            all[columns[i]] = weights[i];
        }
        return all;
    }

    /// Adds a question's part of the gradient of the log-likelihood, and of its negative curvature.
    private void add(Judged question, double[] weights, double[] gradient, double[][] curvature) {
        double[][] rows = rows(question);
        double[] exp = likelihoods(rows, weights);
        var irrelevant = new Moments(columns.length);
        for (int i = 0; i < rows.length; i++) {
            if (!question.isRelevant(i)) {
                irrelevant.add(rows[i], exp[i]);
            }
        }
        for (int i = 0; i < rows.length; i++) {
            if (question.isRelevant(i)) {
                var choice = new Moments(irrelevant);
                choice.add(rows[i], exp[i]);
                for (int j = 0; j < columns.length; j++) {
                    gradient[j] += rows[i][j] - choice.mean(j);
                    for (int k = 0; k < columns.length; k++) {
                        curvature[j][k] += choice.covariance(j, k);
                    }
                }
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

    /// Up to a common factor, which keeps them finite.
    private static double[] likelihoods(double[][] rows, double[] weights) {
        double[] scores = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < weights.length; j++) {
                scores[i] += rows[i][j] * weights[j];
            }
        }
        double max = Arrays.stream(scores).max().orElse(0);
        return Arrays.stream(scores).map(score -> Math.exp(score - max)).toArray();
    }

    /// Gaussian elimination with pivots; `matrix` is positive definite.
    private static double[] solve(double[][] matrix, double[] right) {
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
