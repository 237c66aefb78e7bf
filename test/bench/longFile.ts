// Long file: Python of any length that names models, tables and metrics, for what is measured on one large file.

/** About ten lines a function; every so many of them name a model, a table and a metric, the others are any code. */
export function source(length: number, every: number): string {
  const text = ['import mlflow', 'import pandas as pd', 'PREFIX = "churn"', ''];
  for (let index = 0; text.length < length; index++) {
    const named = index % every === 0;
    text.push(
      `def step_${index}(frame, limit=${index}):`,
      `    """Step ${index} of the pipeline."""`,
      named
        ? `    model = mlflow.pyfunc.load_model(f"models:/{PREFIX}_${index}@champion")`
        : `    model = frame.pipe(prepare, PREFIX, index=${index})`,
      named
        ? `    rows = pd.read_sql("SELECT * FROM analytics.ml.table_${index} WHERE day = 1", frame)`
        : `    rows = [row for row in frame.rows(limit) if row.score > ${index}]`,
      `    total = sum(value for value in rows if value > limit)`,
      `    if total > ${index}:`,
      named
        ? `        mlflow.log_metric("auc_${index}", total / ${index + 1})`
        : `        total = total / ${index + 1}`,
      `    return {"model": model, "rows": rows, "total": total}`,
      '',
      '',
    );
  }
  return `${text.join('\n')}\n`;
}
