"""What every page shares: shells, components, template tags, charts, the design system.

Knows no room above it: menus and badges come from `hospital.home`, through the templates' context.
"""
