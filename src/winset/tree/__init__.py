"""Games as trees and as tables: the arrays, the field's files, and scenarios as trees. No solver."""
