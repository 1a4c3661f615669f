"""HTML becomes pages that keep their budget, and pages become a PDF. Only this package knows WeasyPrint."""
