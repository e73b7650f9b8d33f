/** @file What every test of a component has around it: the styles of the window. */
import '../../renderer/ui/tokens.css';
import '../../renderer/ui/base.css';
