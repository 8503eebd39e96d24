"""The log as columns: sealed segments in Apache Parquet, and questions in SQL put to them."""
