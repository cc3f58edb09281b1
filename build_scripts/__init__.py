"""What is compiled: handbook pages, workbooks, summary tables, documents."""
